# Brokerage with expectation and z by sna: its time, and the memory it takes beside the network (as worker.py does).
# Usage: Rscript brokerage.R ties.csv groups.csv repeats; prints seconds, then kB.
suppressMessages({library(network); library(sna)})
arguments <- commandArgs(TRUE)
ties <- as.matrix(read.csv(arguments[1])); groups <- read.csv(arguments[2])$group
net <- network.initialize(length(groups), directed = TRUE)
add.edges(net, tail = as.list(ties[, 1] + 1), head = as.list(ties[, 2] + 1))
memory <- function(key) {
  status <- readLines("/proc/self/status")
  as.numeric(gsub("[^0-9]", "", status[startsWith(status, key)]))
}
extra <- 0
seconds <- sapply(seq_len(as.integer(arguments[3])), function(k) {
  invisible(gc())
  writeLines("5", "/proc/self/clear_refs")
  before <- memory("VmRSS")
  took <- system.time(sna::brokerage(net, groups))[["elapsed"]]
  extra <<- max(extra, memory("VmHWM") - before)
  took
})
cat(format(seconds, digits = 8), "\n", extra, "\n")

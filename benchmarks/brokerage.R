# Brokerage with expectation and z by sna, timed. Usage: Rscript brokerage.R ties.csv groups.csv seconds.txt repeats
suppressMessages({library(network); library(sna)})
arguments <- commandArgs(TRUE)
ties <- as.matrix(read.csv(arguments[1])); groups <- read.csv(arguments[2])$group
net <- network.initialize(length(groups), directed = TRUE)
add.edges(net, tail = as.list(ties[, 1] + 1), head = as.list(ties[, 2] + 1))
seconds <- sapply(seq_len(as.integer(arguments[4])), function(k) system.time(sna::brokerage(net, groups))[["elapsed"]])
writeLines(format(seconds, digits = 8), arguments[3])

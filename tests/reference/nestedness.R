# Nestedness (NODF) of vegan 2.6-4 (GPL-2; its figures only are kept). Run: Rscript nestedness.R > nestedness.csv
suppressPackageStartupMessages(library(vegan))
set.seed(20081)
cat("# R package vegan", as.character(packageVersion("vegan")), ": nestednodf; rows are actors, columns are needs\n")
cat("matrix,actors,needs,nodf\n")
written <- function(m) {
  m <- m[rowSums(m) > 0, colSums(m) > 0, drop = FALSE]
  if (nrow(m) < 2 || ncol(m) < 2) return(invisible())
  s <- nestednodf(m)$statistic
  rows <- paste(apply(m, 1, paste, collapse = ""), collapse = " ")
  cat(rows, paste(format(s[c("N.rows", "N.columns", "NODF")], digits = 15, trim = TRUE), collapse = ","), sep = ",")
  cat("\n")
}
written(outer(1:6, 1:6, function(i, j) 1 * (i + j <= 7)))  # a staircase: fully nested
written(diag(4))                                            # one competence each: not at all
written(kronecker(diag(2), matrix(1, 3, 2)))                # two blocks
for (k in 1:25) {
  size <- sample(2:9, 2)
  written(matrix(rbinom(prod(size), 1, runif(1, 0.15, 0.85)), size[1]))
}

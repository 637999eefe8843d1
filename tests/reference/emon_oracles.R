# Values of the seven Drabek networks by the R packages sna and igraph, written to emon_oracles.csv.
# Usage: Rscript emon_oracles.R path/to/drabek-emon
suppressMessages({library(igraph); library(sna)})
folder <- commandArgs(TRUE)[1]
rows <- list()
keep <- function(network, metric, actors, values) {
  rows[[length(rows) + 1]] <<- data.frame(network = network, metric = metric, actor = actors,
                                          value = trimws(formatC(as.numeric(values), digits = 17, format = "g")))
}
for (network in c("Cheyenne", "HurrFrederic", "LakePomona", "MtSi", "MtStHelens", "Texas", "Wichita")) {
  nodes <- read.csv(file.path(folder, paste0(network, "-nodes.csv")), colClasses = c(id = "character"))
  ties <- read.csv(file.path(folder, paste0(network, "-edges.csv")), colClasses = c(source = "character", target = "character"))
  n <- nrow(nodes); id <- nodes$id
  a <- matrix(0, n, n, dimnames = list(id, id)); w <- a
  a[cbind(ties$source, ties$target)] <- 1; w[cbind(ties$source, ties$target)] <- ties$Frequency
  put <- function(metric, values) keep(network, metric, id, values)
  put("degree", sna::degree(a)); put("in_degree", sna::degree(a, cmode = "indegree")); put("out_degree", sna::degree(a, cmode = "outdegree"))
  put("strength", rowSums(w) + colSums(w))
  put("betweenness", sna::betweenness(a)); put("betweenness_undirected", sna::betweenness(sna::symmetrize(a), gmode = "graph"))
  put("closeness_freeman", sna::closeness(a))
  put("evcent_undirected", eigen(sna::symmetrize(a))$vectors[, 1] * sign(sum(eigen(sna::symmetrize(a))$vectors[, 1])))
  b <- sna::brokerage(a, nodes$Sponsorship)
  roles <- c("coordinator", "itinerant", "representative", "gatekeeper", "liaison", "total")
  for (k in 1:6) {
    put(roles[k], b$raw.nli[, k]); put(paste0("expected_", roles[k]), b$exp.nli[, k]); put(paste0("z_", roles[k]), b$z.nli[, k])
    keep(network, "network_raw", roles[k], b$raw.gli[k]); keep(network, "network_expected", roles[k], b$exp.gli[k])
    keep(network, "network_sd_sna", roles[k], b$sd.gli[k])
  }
  g <- graph_from_adjacency_matrix(w, weighted = TRUE); u <- as.undirected(graph_from_adjacency_matrix(a))
  put("betweenness_weighted", igraph::betweenness(g, weights = 1 / E(g)$weight))
  put("betweenness_weighted_undirected", igraph::betweenness(as.undirected(g, edge.attr.comb = "sum"), weights = 1 / E(as.undirected(g, edge.attr.comb = "sum"))$weight))
  put("closeness_reachable", igraph::closeness(g, mode = "out", weights = 1 / E(g)$weight, normalized = TRUE))
  put("closeness_reachable_in", igraph::closeness(g, mode = "in", weights = NA, normalized = TRUE))
  put("harmonic", igraph::harmonic_centrality(g, mode = "out", weights = 1 / E(g)$weight))
  put("pagerank", igraph::page_rank(g)$vector)
  put("katz", as.vector(solve(diag(n) - .04 * t(a), rep(1, n))))
  for (mode in c("all", "in", "out")) put(paste0("coreness_", mode), igraph::coreness(g, mode = mode))
  put("constraint_weighted", igraph::constraint(g)); put("constraint", igraph::constraint(g, weights = rep(1, ecount(g))))
  put("constraint_undirected", igraph::constraint(u))
  put("articulation", as.numeric(id %in% V(u)$name[articulation_points(u)]))
  keep(network, "centralization_degree", "", sna::centralization(sna::symmetrize(a), sna::degree, mode = "graph"))
  keep(network, "centralization_degree_all", "", sna::centralization(a, sna::degree))
  keep(network, "centralization_in", "", sna::centralization(a, sna::degree, cmode = "indegree"))
  keep(network, "centralization_betweenness", "", sna::centralization(a, sna::betweenness))
  keep(network, "centralization_betweenness_undirected", "", sna::centralization(sna::symmetrize(a), sna::betweenness, mode = "graph"))
  keep(network, "centralization_closeness_undirected", "", sna::centralization(sna::symmetrize(a), sna::closeness, mode = "graph"))
  keep(network, "bridges", "", length(igraph::bridges(u)))
}
write.csv(do.call(rbind, rows), "emon_oracles.csv", row.names = FALSE)

# Values of the ten networks of golden_ties.csv by the R packages sna, igraph and network, written to golden_values.csv.
# Usage: Rscript golden.R (in this folder). The versions are written in the file.
suppressMessages({library(igraph); library(sna)})
ties <- read.csv("golden_ties.csv"); actors <- read.csv("golden_actors.csv")
rows <- list()
keep <- function(metric, item, values) {
  values <- as.numeric(values)
  rows[[length(rows) + 1]] <<- data.frame(network = current, metric = metric, item = item,
    value = ifelse(is.na(values), "", trimws(formatC(values, digits = 17, format = "g"))))
}
for (current in unique(ties$network)) {
  mine <- ties[ties$network == current, ]; people <- actors[actors$network == current, ]
  id <- people$actor; n <- length(id); directed <- mine$directed[1] == 1; mode <- if (directed) "digraph" else "graph"
  w <- matrix(0, n, n, dimnames = list(id, id))
  for (k in seq_len(nrow(mine))) w[mine$source[k], mine$target[k]] <- w[mine$source[k], mine$target[k]] + mine$weight[k]
  if (!directed) w <- w + t(w)
  a <- (w > 0) * 1; u <- sna::symmetrize(a); uw <- if (directed) w + t(w) else w; dimnames(u) <- dimnames(a)
  put <- function(metric, values) keep(metric, id, values)
  one <- function(metric, value) keep(metric, "", value)
  # sna, without weights
  put("degree", if (directed) sna::degree(a) else rowSums(a)); put("in_degree", colSums(a)); put("out_degree", rowSums(a))
  put("betweenness", sna::betweenness(a, gmode = mode)); put("stress", sna::stresscent(a, gmode = mode))
  put("load_sna", sna::loadcent(a, gmode = mode)); put("flow", sna::flowbet(a, gmode = mode))
  put("closeness_freeman", sna::closeness(a, gmode = mode))
  put("harmonic_mean", sna::closeness(a, gmode = mode, cmode = if (directed) "suminvdir" else "suminvundir"))
  put("information_sna", tryCatch(if (sum(sna::component.dist(u)$csize > 1) > 1) rep(NA, n) else sna::infocent(u, gmode = "graph"), warning = function(e) rep(NA, n)))
  put("cut_point", seq_len(n) %in% sna::cutpoints(u, mode = "graph"))
  for (kind in c("edgewise", "dyadic", "dyadic.nonnull")) one(paste0("reciprocity_", kind), sna::grecip(a, measure = kind))
  one("density", sna::gden(a, mode = mode)); one("transitivity", sna::gtrans(a, mode = mode))
  one("connectedness", sna::connectedness(a)); one("hierarchy", sna::hierarchy(a, measure = "krackhardt"))
  one("efficiency", sna::efficiency(a)); one("lubness", sna::lubness(a))
  triads <- sna::triad.census(a); keep("triads", colnames(triads), triads[1, ])
  census <- sna::clique.census(u, mode = "graph", tabulate.by.vertex = TRUE, enumerate = FALSE)$clique.count
  put("cliques", colSums(census[as.numeric(rownames(census)) > 2, -1, drop = FALSE]))
  for (kind in c("moran", "geary")) one(kind, sna::nacf(a, people$staff, type = kind, mode = mode, lag.max = 1)[2])
  if (directed) {
    b <- sna::brokerage(a, people$group)
    roles <- c("coordinator", "itinerant", "representative", "gatekeeper", "liaison", "total")
    for (k in 1:6) {
      put(paste0("role_", roles[k]), b$raw.nli[, k]); put(paste0("expected_", roles[k]), b$exp.nli[, k])
      put(paste0("z_", roles[k]), b$z.nli[, k])
    }
  }
  central <- function(name, f, ...) one(paste0("centralization_", name), sna::centralization(a, f, mode = mode, ...))
  central("degree", sna::degree); central("betweenness", sna::betweenness)
  # igraph, with weights
  g <- graph_from_adjacency_matrix(w, mode = if (directed) "directed" else "undirected", weighted = TRUE)
  plain <- graph_from_adjacency_matrix(a, mode = if (directed) "directed" else "undirected")
  both <- graph_from_adjacency_matrix(uw, mode = "undirected", weighted = TRUE); bare <- graph_from_adjacency_matrix(u, mode = "undirected")
  group <- as.integer(factor(people$group)); length <- 1 / E(g)$weight
  for (way in if (directed) c("out", "in", "all") else "all") put(paste0("strength_", way), igraph::strength(g, mode = way))
  put("betweenness_weighted", igraph::betweenness(g, weights = length))
  for (way in if (directed) c("out", "in") else "all") {
    put(paste0("closeness_", way), igraph::closeness(g, mode = way, weights = length, normalized = TRUE))
    put(paste0("harmonic_", way), igraph::harmonic_centrality(g, mode = way, weights = length))
  }
  put("closeness_both", igraph::closeness(both, weights = NA, normalized = TRUE))
  put("pagerank", igraph::page_rank(g)$vector); put("pagerank_plain", igraph::page_rank(plain, damping = .5)$vector)
  put("katz", igraph::alpha_centrality(g, alpha = .01, exo = 1))
  if (!directed && igraph::is_connected(igraph::induced_subgraph(g, which(igraph::degree(g) > 0))))
    put("eigenvector", igraph::eigen_centrality(g, scale = TRUE)$vector)
  for (way in c("all", "in", "out")) put(paste0("coreness_", way), igraph::coreness(plain, mode = way))
  put("constraint", igraph::constraint(g)); put("constraint_plain", igraph::constraint(plain))
  put("clustering", igraph::transitivity(bare, type = "local")); one("transitivity_both", igraph::transitivity(bare))
  one("bridges", length(igraph::bridges(bare))); one("global_efficiency", igraph::global_efficiency(plain, directed = directed))
  one("assortativity", igraph::assortativity_nominal(plain, group, directed = directed))
  one("modularity", igraph::modularity(g, group, weights = E(g)$weight, directed = directed))
  one("modularity_half", igraph::modularity(plain, group, resolution = .5, directed = directed))
}
versions <- paste0("R ", getRversion(), ", sna ", packageVersion("sna"), ", igraph ", packageVersion("igraph"))
file <- file("golden_values.csv", "w"); writeLines(paste("#", versions), file)
write.csv(do.call(rbind, rows), file, row.names = FALSE, quote = FALSE); close(file)

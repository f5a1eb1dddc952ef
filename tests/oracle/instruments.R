# Answers for shares, their differences and trends, and for corrected p values.
# Run: Rscript tests/oracle/instruments.R   (writes instruments.json beside itself)

suppressMessages(library(jsonlite))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))

# A share of 0 or 1 makes prop.test warn; the score interval is what is asked for.
wilson <- function(x, n, level) {
  suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int[1:2]
}
cases <- list(c(550, 1603, 0.95), c(237, 582, 0.95), c(0, 12, 0.9), c(7, 7, 0.99), c(1, 3, 0.95))
two <- prop.test(c(237, 313), c(582, 1021), correct = FALSE)
trend <- prop.trend.test(c(14, 20, 33, 47), c(100, 90, 110, 100), score = 2019:2022)
p <- c(0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251)

answers <- list(
  version = R.version.string,
  jsonlite = as.character(packageVersion("jsonlite")),
  wilson = lapply(cases, function(k) list(case = k, limits = wilson(k[1], k[2], k[3]))),
  two = list(chi_squared = unname(two$statistic), p = two$p.value),
  trend = list(chi_squared = unname(trend$statistic), p = trend$p.value),
  p = p,
  BH = p.adjust(p, "BH"),
  BY = p.adjust(p, "BY")
)
write_json(answers, file.path(here, "instruments.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)

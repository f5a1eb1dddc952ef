# Answers of R for the ratio of sums: Rscript magnetism.R path/to/nmtc_projects.csv
# Writes magnetism.json beside itself. The tests read the JSON; R is not needed to run them.
suppressPackageStartupMessages({library(survey); library(sandwich); library(boot); library(jsonlite)})

arguments <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
money <- function(text) as.numeric(gsub("[$, ]", "", text))

projects <- read.csv(arguments[1], check.names = FALSE, stringsAsFactors = FALSE)
d <- data.frame(
  lead = money(projects[["Project QLICI Amount"]]),
  follow = money(projects[["Estimated Total Project Cost"]]),
  state = projects[["State"]], year = projects[["Origination Year"]]
)

ratio <- function(design) {
  r <- svyratio(~follow, ~lead, design)
  g <- degf(design)
  i <- as.numeric(confint(r, df = g))
  list(estimate = as.numeric(coef(r)), std_error = as.numeric(SE(r)), df = g,
       conf_low = i[1], conf_high = i[2])
}
by_state <- svydesign(ids = ~state, data = d, weights = ~1)
years <- Filter(function(part) length(unique(part$state)) > 1, split(d, d$year))
by_year <- lapply(years, function(part) ratio(svydesign(ids = ~state, data = part, weights = ~1)))
jackknife <- as.svrepdesign(by_state, type = "JK1")
rows <- svydesign(ids = ~1, data = d, weights = ~1)

sums <- aggregate(cbind(lead, follow) ~ state, d, sum)
set.seed(20240601)
studentised <- function(s, i) {
  x <- s$lead[i]; y <- s$follow[i]; r <- sum(y) / sum(x); g <- length(i)
  c(r, g / (g - 1) * sum((y - r * x)^2) / sum(x)^2)
}
drawn <- boot(sums, studentised, R = 200000)
stud <- boot.ci(drawn, type = "stud")$student[4:5]

# Fieller's set by hand: the roots of (Y - r X)^2 = t^2 Var(Y - r X), clusters as drawn.
g <- nrow(sums); x <- sums$lead; y <- sums$follow; q <- qt(0.975, g - 1)^2
v <- g * cov(cbind(x, y))
a <- sum(x)^2 - q * v[1, 1]; b <- sum(x) * sum(y) - q * v[1, 2]; c <- sum(y)^2 - q * v[2, 2]
fieller <- (b + c(-1, 1) * sqrt(b^2 - a * c)) / a

# Intercept-only Poisson with the logarithm of lead money as offset.
poisson_fit <- glm(follow ~ 1 + offset(log(lead)), family = quasipoisson, data = d,
                   control = glm.control(epsilon = 1e-14, maxit = 100))
log_se <- sqrt(vcovCL(poisson_fit, cluster = d$state, type = "HC0", cadjust = TRUE)[1, 1])
slopes <- glm(follow ~ log(lead) + factor(year), family = quasipoisson, data = d,
              control = glm.control(epsilon = 1e-14, maxit = 100))
slope_se <- sqrt(vcovCL(slopes, cluster = d$state, type = "HC1", cadjust = TRUE)[2, 2])

answers <- list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey")),
                  sandwich = as.character(packageVersion("sandwich")),
                  boot = as.character(packageVersion("boot"))),
  sums = list(rows = nrow(d), lead = sum(d$lead), follow = sum(d$follow),
              equal = mean(d$lead == d$follow)),
  clustered = ratio(by_state), unclustered = ratio(rows), by_year = by_year,
  jackknife = list(std_error = as.numeric(SE(svyratio(~follow, ~lead, jackknife)))),
  fieller = list(conf_low = fieller[1], conf_high = fieller[2]),
  bootstrap = list(draws = 200000, std_error = sd(drawn$t[, 1]), conf_low = stud[1], conf_high = stud[2]),
  poisson = list(log_ratio = as.numeric(coef(poisson_fit)), std_error = log_se,
                 elasticity = as.numeric(coef(slopes)[2]), elasticity_se = slope_se)
)
write_json(answers, file.path(here, "magnetism.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)

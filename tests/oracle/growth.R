# Answers for panels of regions and years, from Grunfeld's investment data and Munnell's states.
# Run: Rscript tests/oracle/growth.R   (writes growth.json beside itself)

suppressMessages({
  library(plm); library(sandwich); library(lmtest); library(clubSandwich); library(spdep)
  library(jsonlite)
})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
plain <- function(m) unname(as.matrix(m))
versions <- function(...) {
  sapply(c(...), function(p) as.character(packageVersion(p)), simplify = FALSE)
}

data("Produc", package = "plm")
data("Grunfeld", package = "plm")

munnell <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
states <- pdata.frame(Produc, index = c("state", "year"))
within <- plm(munnell, data = states, model = "within", effect = "individual")
twoways <- plm(munnell, data = states, model = "within", effect = "twoways")

# One lag order for all; type HC0 leaves out every factor.
serial <- list(
  white = plain(vcovHC(within, method = "white1", type = "HC0")),
  arellano = plain(vcovHC(within, method = "arellano", type = "HC0")),
  by_time = plain(vcovHC(within, method = "arellano", type = "HC0", cluster = "time")),
  newey_west = plain(vcovNW(within, type = "HC0", maxlag = 2)),
  driscoll_kraay = plain(vcovSCC(within, type = "HC0", maxlag = 2)),
  two_ways = plain(vcovDC(within, type = "HC0"))
)
cd <- pcdtest(within, test = "cd")
mean_group <- pmg(munnell, data = states, model = "mg")

# An unbalanced panel with dummies spelled out.
firms <- Grunfeld[-c(3, 27, 28, 64, 101, 150, 151, 199), ]
firms$firm <- factor(firms$firm)
firms$year <- factor(firms$year)
dummies <- lm(inv ~ value + capital + firm + year, data = firms)
keep <- 2:3
pick <- function(m) plain(m[keep, keep])
unbalanced_panel <- pdata.frame(firms, index = c("firm", "year"))
unbalanced <- plm(inv ~ value + capital, data = unbalanced_panel, effect = "twoways")

# clubSandwich's CR3 inverts I - H_gg, which is singular where a cluster has its own dummy; its
# pseudo-inverse leaves out the direction in which the residuals are zero anyway.
years_alone <- lm(inv ~ value + capital + year, data = firms)
jackknife_like <- function(fit, cluster) {
  x <- model.matrix(fit); bread <- solve(crossprod(x)); meat <- 0 * bread
  for (g in unique(cluster)) {
    i <- cluster == g
    own <- eigen(diag(sum(i)) - x[i, ] %*% bread %*% t(x[i, ]), symmetric = TRUE)
    scale <- ifelse(own$values > 1e-8, 1 / own$values, 0)
    score <- t(x[i, ]) %*% (own$vectors %*% (scale * (t(own$vectors) %*% resid(fit)[i])))
    meat <- meat + score %*% t(score)
  }
  pick(bread %*% meat %*% bread)
}

# Trends of two series; the third, their difference, gives the covariance of both slopes.
one <- subset(Grunfeld, firm == 1)
two <- subset(Grunfeld, firm == 2)
nw <- function(y) {
  fit <- lm(y ~ time, data = data.frame(y = y, time = one$year))
  c(coef(fit)[[2]], NeweyWest(fit, lag = 2, prewhite = FALSE, adjust = TRUE)[2, 2])
}
pooled_frame <- transform(Grunfeld, firm = factor(firm))
pooled <- function(left) {
  fit <- lm(reformulate(c("year", "firm"), left), data = pooled_frame)
  within <- plm(reformulate("year", left), data = pdata.frame(transform(pooled_frame, t = year),
    index = c("firm", "t")), model = "within")
  list(
    slope = coef(fit)[["year"]],
    clustered_hc0 = vcovCL(fit, cluster = pooled_frame$firm, type = "HC0",
      cadjust = FALSE)[2, 2],
    driscoll_kraay_hc0 = vcovSCC(within, type = "HC0", maxlag = 2)[1, 1]
  )
}

# Conley's meat with neighbours within 150 of each other on a plane, found by spdep.
places <- cbind(c(0, 100, 220, 40, 130, 300, 310), c(0, 20, 10, 140, 150, 180, 60))
near <- nb2mat(dnearneigh(places, 0, 150), style = "B", zero.policy = TRUE) + diag(nrow(places))
space <- data.frame(y = c(3, 1, 4, 1, 5, 9, 2), x = c(2, 7, 1, 8, 2, 8, 1))
flat <- lm(y ~ x, space)
scores <- estfun(flat)
conley <- bread(flat) %*% (t(scores) %*% near %*% scores) %*% bread(flat) / nrow(places)^2

answers <- list(
  conley = list(places = places, y = space$y, x = space$x, vcov = plain(conley)),
  r = R.version.string,
  packages = versions("plm", "sandwich", "lmtest", "clubSandwich", "spdep"),
  munnell = list(
    state = as.integer(Produc$state), year = Produc$year,
    gsp = Produc$gsp, pcap = Produc$pcap, pc = Produc$pc, emp = Produc$emp, unemp = Produc$unemp,
    within = unname(coef(within)), twoways = unname(coef(twoways)),
    vcov = serial,
    cd = c(unname(cd$statistic), cd$p.value),
    mean_group = unname(coef(mean_group)),
    mean_group_error = unname(sqrt(diag(vcov(mean_group))))
  ),
  grunfeld = list(
    firm = Grunfeld$firm, year = Grunfeld$year, inv = Grunfeld$inv, value = Grunfeld$value,
    capital = Grunfeld$capital,
    within = unname(coef(plm(inv ~ value + capital, data = Grunfeld, model = "within")))
  ),
  unbalanced = list(
    firm = as.integer(firms$firm), year = as.integer(as.character(firms$year)),
    inv = firms$inv, value = firms$value, capital = firms$capital,
    coefficients = unname(coef(dummies)[keep]),
    hc0 = pick(vcovHC(dummies, type = "HC0")), hc1 = pick(vcovHC(dummies, type = "HC1")),
    hc2 = pick(vcovHC(dummies, type = "HC2")), hc3 = pick(vcovHC(dummies, type = "HC3")),
    cr0 = pick(vcovCR(dummies, cluster = firms$firm, type = "CR0")),
    cr2 = pick(vcovCR(dummies, cluster = firms$firm, type = "CR2")),
    cr3 = jackknife_like(dummies, firms$firm),
    cr3_years_alone = pick(vcovCR(years_alone, cluster = firms$firm, type = "CR3")),
    years_alone = unname(coef(years_alone)[keep]),
    two_ways = pick(vcovCL(dummies, cluster = ~ firm + year, type = "HC0", cadjust = TRUE)),
    cd = {
      test <- pcdtest(unbalanced, test = "cd")
      c(unname(test$statistic), test$p.value)
    }
  ),
  trend = list(
    levels = rbind(one$inv, two$inv),
    first = nw(log(one$inv)), second = nw(log(two$inv)),
    difference = nw(log(one$inv) - log(two$inv))
  ),
  pooled = list(
    first = pooled("log(inv)"), second = pooled("log(value)"),
    difference = pooled("log(inv/value)")
  )
)
write(toJSON(answers, digits = NA, auto_unbox = TRUE, pretty = FALSE),
  file.path(here, "growth.json"))

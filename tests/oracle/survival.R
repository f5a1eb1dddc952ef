# Answers of R's packages survival and cmprsk. Run: Rscript survival.R FOLDER_WITH_LUNG_AND_MGUS2 survival.json
suppressPackageStartupMessages({library(survival); library(cmprsk); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
lung <- read.csv(file.path(args[1], "lung.csv"))
mgus2 <- read.csv(file.path(args[1], "mgus2.csv"))
row <- seq_len(nrow(lung))
lung$entry <- floor(lung$time * (row %% 3) / 4)
lung$w <- 1 + row %% 3
answers <- list()

curve <- function(fit) list(time = fit$time, at_risk = fit$n.risk, events = fit$n.event,
                            survival = fit$surv, std_error = fit$std.err * if (fit$logse) fit$surv else 1,
                            low = fit$lower, high = fit$upper)
for (kind in c("log-log", "log", "plain", "logit", "arcsin"))
  answers[[paste0("km_", kind)]] <- curve(survfit(Surv(time, status) ~ 1, lung, conf.type = kind))
late <- subset(lung, entry < time)
answers$km_entry <- curve(survfit(Surv(entry, time, status) ~ 1, late, conf.type = "log-log"))
answers$km_weights <- curve(survfit(Surv(time, status) ~ 1, lung, weights = w, robust = TRUE,
                                    id = row, conf.type = "log-log"))
known <- subset(lung, !is.na(inst))
answers$km_cluster <- curve(survfit(Surv(time, status) ~ 1, known, cluster = inst, conf.type = "log-log"))
by_sex <- survfit(Surv(time, status) ~ sex, lung, conf.type = "log-log")
answers$quantiles <- lapply(quantile(by_sex, c(.25, .5, .75)), function(m) unname(as.matrix(m)))
answers$rmean <- unname(summary(by_sex, rmean = 500)$table[, c("rmean", "se(rmean)")])

mgus2$etime <- with(mgus2, ifelse(pstat == 0, futime, ptime))
mgus2$event <- factor(with(mgus2, ifelse(pstat == 0, 2 * death, 1)), 0:2, c("censor", "pcm", "death"))
aj <- survfit(Surv(etime, event) ~ 1, mgus2)
answers$aj <- list(time = aj$time, at_risk = aj$n.risk[, 1], pcm = aj$pstate[, 2], death = aj$pstate[, 3],
                   pcm_se = aj$std.err[, 2], death_se = aj$std.err[, 3])
answers$aj_months <- unname(summary(aj, rmean = 120)$table)

test <- function(fit) list(chisq = fit$chisq, obs = c(fit$obs), exp = c(fit$exp))
answers$logrank <- test(survdiff(Surv(time, status) ~ sex, lung))
answers$peto <- test(survdiff(Surv(time, status) ~ sex, lung, rho = 1))
ecog <- subset(lung, !is.na(ph.ecog) & ph.ecog < 3)
answers$logrank_ecog <- test(survdiff(Surv(time, status) ~ ph.ecog, ecog))
answers$logrank_strata <- test(survdiff(Surv(time, status) ~ ph.ecog + strata(sex), ecog))

cox <- function(fit) list(names = names(coef(fit)), coef = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit)))),
                          loglik = fit$loglik)
answers$cox_sex <- cox(coxph(Surv(time, status) ~ sex, lung))
whole <- subset(lung, !is.na(ph.ecog) & !is.na(inst))
three <- coxph(Surv(time, status) ~ age + sex + ph.ecog, whole)
answers$cox_efron <- cox(three)
answers$cox_breslow <- cox(coxph(Surv(time, status) ~ age + sex + ph.ecog, whole, ties = "breslow"))
answers$cox_strata <- cox(coxph(Surv(time, status) ~ age + ph.ecog + strata(sex), whole))
answers$cox_entry <- cox(coxph(Surv(entry, time, status) ~ age + sex + ph.ecog, subset(whole, entry < time)))
answers$cox_cluster <- cox(coxph(Surv(time, status) ~ age + sex + ph.ecog, whole, cluster = inst))
answers$cox_entry_cluster <- cox(coxph(Surv(entry, time, status) ~ age + sex + ph.ecog,
                                       subset(whole, entry < time), cluster = inst))
answers$cox_weights <- cox(coxph(Surv(time, status) ~ age + sex + ph.ecog, whole, weights = w, robust = TRUE))
months <- transform(whole, month = ceiling(time / 30.4375))
tied <- coxph(Surv(month, status) ~ age + sex + ph.ecog, months)
answers$cox_tied <- cox(tied)
answers$cox_tied_cluster <- cox(coxph(Surv(month, status) ~ age + sex + ph.ecog, months, cluster = inst))
answers$zph_km <- unname(unclass(cox.zph(three, terms = FALSE)$table))
answers$zph_identity <- unname(unclass(cox.zph(tied, transform = "identity", terms = FALSE)$table))
predicted <- survfit(three, data.frame(age = 60, sex = 2, ph.ecog = 1), conf.type = "log-log")
answers$cox_predict <- curve(predicted)
predicted <- survfit(tied, data.frame(age = 60, sex = 2, ph.ecog = 1), conf.type = "log-log")
answers$cox_predict_tied <- curve(predicted)

parametric <- function(fit) list(names = names(coef(fit)), coef = unname(coef(fit)),
                                 se = unname(sqrt(diag(vcov(fit)))), scale = fit$scale, loglik = fit$loglik[2])
for (form in c("weibull", "lognormal", "loglogistic")) {
  answers[[paste0("aft_", form)]] <- parametric(survreg(Surv(time, status) ~ age + sex, lung, dist = form))
  spans <- with(lung, Surv(pmax(time - 30, 1), ifelse(status == 1, time, NA), type = "interval2"))
  answers[[paste0("aft_interval_", form)]] <- parametric(survreg(spans ~ age + sex, lung, dist = form))
}

mgus2$male <- as.numeric(mgus2$sex == "M")
complete <- subset(mgus2, !is.na(hgb))
subdistribution <- finegray(Surv(etime, event) ~ age + male + hgb, complete, etype = "pcm")
answers$fine_gray <- cox(coxph(Surv(fgstart, fgstop, fgstatus) ~ age + male + hgb, weights = fgwt,
                               subdistribution))
subdistribution$id <- NULL
numbered <- transform(complete, id = seq_len(nrow(complete)))
subdistribution <- finegray(Surv(etime, event) ~ age + male + hgb + id, numbered, etype = "pcm")
answers$fine_gray_robust <- cox(coxph(Surv(fgstart, fgstop, fgstatus) ~ age + male + hgb, weights = fgwt,
                                      subdistribution, cluster = id))

long <- survSplit(Surv(month, status) ~ age + sex + ph.ecog, months, cut = 1:40, episode = "period")
for (link in c("logit", "cloglog")) {
  fit <- glm(status ~ age + sex + ph.ecog + factor(period), binomial(link), long,
             control = glm.control(epsilon = 1e-12, maxit = 60))
  keep <- c("age", "sex", "ph.ecog")
  answers[[paste0("discrete_", link)]] <- list(coef = unname(coef(fit)[keep]),
    se = unname(summary(fit)$coefficients[keep, 2]), loglik = as.numeric(logLik(fit)))
}

spans <- with(lung[1:60, ], data.frame(left = floor(time / 90) * 90,
                                       right = ifelse(status == 1, floor(time / 90) * 90 + 90 * (1 + row[1:60] %% 2), NA)))
np <- survfit(Surv(left, right, type = "interval2") ~ 1, spans)
answers$turnbull <- list(left = spans$left, right = spans$right, time = np$time, survival = np$surv)

code <- as.integer(mgus2$event) - 1L
grays <- cuminc(mgus2$etime, code, group = mgus2$sex)$Tests
answers$gray_sex <- unname(grays[, "stat"])
answers$gray_three <- unname(cuminc(mgus2$etime, code, group = cut(mgus2$age, c(0, 65, 75, 120)))$Tests[, "stat"])
answers$gray_rho <- unname(cuminc(mgus2$etime, code, group = mgus2$sex, rho = 1)$Tests[, "stat"])
answers$gray_strata <- unname(cuminc(mgus2$etime, code, group = mgus2$sex,
                                     strata = mgus2$age > 72)$Tests[, "stat"])
with(complete, {
  fit <- crr(etime, as.integer(event) - 1L, cbind(age, male, hgb))
  answers$crr <<- list(coef = unname(fit$coef), se = unname(sqrt(diag(fit$var))), loglik = fit$loglik)
})

answers$versions <- list(R = R.version.string, survival = as.character(packageVersion("survival")),
                         cmprsk = as.character(packageVersion("cmprsk")),
                         jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(answers, digits = NA, auto_unbox = TRUE, na = "null"), args[2])

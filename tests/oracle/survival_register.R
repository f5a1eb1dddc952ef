# Answers of R's packages survival and cmprsk for the UK planning register, read from the file as
# published and reduced to aggregates. Run:
# Rscript survival_register.R repd_2021Q2.csv survival_register.json
suppressPackageStartupMessages({library(survival); library(cmprsk); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
raw <- read.csv(args[1], fileEncoding = "latin1", check.names = FALSE, colClasses = "character")
day <- function(name) as.Date(raw[[name]], "%d/%m/%Y")
latest <- function(...) suppressWarnings(do.call(pmax, c(list(...), na.rm = TRUE)))

status <- raw[["Development Status (short)"]]
left <- status %in% c("Application Refused", "Application Withdrawn", "Appeal Withdrawn", "Abandoned",
                      "Planning Permission Expired")
updated <- day("Record Last Updated (dd/mm/yyyy)")
end <- latest(day("Planning Application Withdrawn"), day("Planning Permission Refused"),
              day("Appeal Withdrawn"), day("Appeal Refused"), day("Secretary of State - Refusal"))
expired <- status == "Planning Permission Expired"
end[expired] <- day("Planning Permission Expired")[expired]
end[status == "Abandoned"] <- NA
end[is.na(end)] <- updated[is.na(end)]
start <- day("Planning Application Submitted")
operation <- day("Operational")
operation[left] <- NA
end[!left] <- NA
until <- as.Date("2021-06-30")
last <- operation
last[is.na(last)] <- end[is.na(last)]
last[is.na(last)] <- until
code <- ifelse(!is.na(operation), 1, ifelse(left, 2, 0))
counts <- list(rows = nrow(raw), operational = sum(!is.na(start) & code == 1),
               exits = sum(!is.na(start) & code == 2), without_start = sum(is.na(start)))
# What came after the last day is not known on it: the project was still under way.
late <- !is.na(start) & start <= until & last > until
code[late] <- 0
last[late] <- until
counts$late <- sum(late)
kept <- !is.na(start) & last >= start & last <= until
counts$impossible <- sum(!is.na(start) & !kept)
counts$kept <- sum(kept)

# Months are counted from the day of the start to the same day of later months, or their last one.
anchor <- function(from, months) {
  parts <- as.POSIXlt(from)
  index <- parts$year * 12 + parts$mon + months
  first <- as.Date(sprintf("%d-%02d-01", 1900 + index %/% 12, index %% 12 + 1))
  following <- as.Date(sprintf("%d-%02d-01", 1900 + (index + 1) %/% 12, (index + 1) %% 12 + 1))
  pmin(first + parts$mday - 1, following - 1)
}
between <- function(from, to) {
  whole <- with(as.POSIXlt(to), year * 12 + mon) - with(as.POSIXlt(from), year * 12 + mon)
  whole <- whole - (anchor(from, whole) > to)
  whole + as.numeric(to - anchor(from, whole)) / as.numeric(anchor(from, whole + 1) - anchor(from, whole))
}
spells <- data.frame(technology = raw[["Technology Type"]], code = code)[kept, ]
spells$months <- between(start[kept], last[kept])
spells$event <- factor(spells$code, 0:2, c("censored", "operation", "exit"))

horizons <- c(12, 24, 36, 60, 120)
size <- table(spells$technology)
answers <- lapply(setNames(nm = sort(names(size)[size >= 100])), function(name) {
  one <- subset(spells, technology == name)
  fit <- survfit(Surv(months, event) ~ 1, one)
  at <- summary(fit, times = horizons, extend = TRUE)
  gray <- timepoints(cuminc(one$months, one$code), horizons)$est
  list(spells = nrow(one), operational = sum(one$code == 1), exits = sum(one$code == 2),
       operation = at$pstate[, 2], exit = at$pstate[, 3], operation_se = at$std.err[, 2],
       exit_se = at$std.err[, 3], cmprsk_operation = unname(gray[1, ]), cmprsk_exit = unname(gray[2, ]))
})
large <- subset(spells, technology %in% names(answers))
gray <- cuminc(large$months, large$code, group = large$technology)$Tests
write(toJSON(list(counts = counts, horizons = horizons, technologies = answers,
                  gray = unname(gray[, "stat"]),
                  versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                                  cmprsk = as.character(packageVersion("cmprsk")))),
             digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE), args[2])

package org.millwright.web.ui;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.millwright.insight.Assessment;
import org.millwright.insight.Figures;
import org.millwright.insight.Journey;
import org.millwright.insight.Period;
import org.millwright.insight.ProjectInsights;
import org.millwright.insight.Rates;
import org.millwright.insight.Spread;

/** Figures of insights in words, and their plots. */
public final class Insight {
    private static final double DAY = 86_400_000.0;
    private static final int WIDTH = 720;
    /** Of a plot that stands beside others. */
    private static final int TREND = 440;

    private static final double LEAST_SHARE = 0.001;
    private static final double LEAST_DAYS = 30;
    private static final int BAR = 22;
    private static final int LABEL = 18;
    /** Of a label's letter, about. */
    private static final double LETTER = 6.2;

    private Insight() {}

    /** {@code 1 model}, {@code 2 models}. */
    public static String count(int n, String noun) {
        return HomePages.count(n, noun);
    }

    /** A duration that may be missing. */
    public static String took(Optional<Long> millis) {
        return millis.map(Text::duration).orElse("–");
    }

    /** The middle of some durations, or that there are too few. */
    public static String spread(Spread spread) {
        if (spread.n() == 0) {
            return "none yet";
        }
        if (!spread.isEnough()) {
            return spread.n() + " of " + Spread.FOR_MEDIAN + " for a median: not enough";
        }
        String p90 = spread.p90().isPresent()
                ? "90 % within " + Text.duration((long) spread.p90().getAsDouble())
                : spread.n() + " of " + Spread.FOR_P90 + " for a 90th percentile";
        return "median " + Text.duration((long) spread.median().getAsDouble()) + " of " + spread.n() + ", " + p90;
    }

    /** A share with the count that it is of. */
    public static String share(OptionalDouble share, int part, int all) {
        return share.isEmpty() ? "none yet" : Text.percent(share.getAsDouble()) + " (" + part + " of " + all + ")";
    }

    /** How many, and how many that is in thirty days where so long was looked at: hours say nothing about months. */
    public static String monthly(int n, double perMonth, Period period) {
        boolean enough = period.to() - period.from() >= LEAST_DAYS * DAY;
        return enough ? n + " (" + Text.number(perMonth) + " in 30 days)" : Integer.toString(n);
    }

    /** A lead time against the nine months that the field takes. */
    public static String ofField(long millis) {
        double share = (double) millis / ProjectInsights.FIELD;
        return share < LEAST_SHARE ? "less than 0.1 %" : Text.percent(share);
    }

    public static String money(double amount, Rates rates) {
        return Text.number(Math.rint(amount * 100) / 100) + " " + rates.currency();
    }

    public static String money(OptionalDouble amount, Rates rates) {
        return amount.isPresent() ? money(amount.getAsDouble(), rates) : "not declared";
    }

    public static String roi(OptionalDouble roi) {
        return roi.isPresent() ? Text.percent(roi.getAsDouble()) : "unknown";
    }

    /** The tone of how a model does. */
    public static String tone(String word) {
        return switch (word) {
            case "healthy", "kept", "valid", "BIT_IDENTICAL", "SAME_PREDICTIONS", "WITHIN_TOLERANCE" -> "ok";
            case "breaching", "broken", "revoked", "DIFFERENT", "CANNOT_RERUN" -> "bad";
            case "at risk", "at-risk", "stale", "expired" -> "warn";
            default -> "idle";
        };
    }

    /** One sentence about the whole. */
    public static String lead(ProjectInsights.Report report) {
        Figures figures = report.figures();
        if (report.projects().isEmpty()) {
            return "";
        }
        long there = report.projects().stream()
                .filter(row -> row.journey().production().isPresent())
                .count();
        String lead = there + " of " + HomePages.count(report.projects().size(), "project") + " reached production";
        Spread time = figures.leadTime();
        if (time.isEnough()) {
            return lead + "; in the middle it took "
                    + Text.duration((long) time.median().getAsDouble())
                    + ", where the field takes nine months without such a system and two to twelve weeks with one.";
        }
        return lead + (time.n() == 0 ? "." : "; too few for a median, so each stands below for itself.");
    }

    /** The way of a project to production as a bar, a part for each stage, against what the field takes. */
    public static String stages(Journey journey) {
        List<Journey.Step> steps = journey.steps();
        long all = steps.stream().mapToLong(step -> step.took().orElse(0L)).sum();
        long waits = journey.waits().map(Journey.Wait::took).orElse(0L);
        if (all + waits == 0) {
            return "";
        }
        double scale = (double) WIDTH / (all + waits);
        var svg = new Svg("Time in each stage", WIDTH, BAR + LABEL);
        double x = 0;
        boolean odd = false;
        for (Journey.Step step : steps) {
            double width = step.took().orElse(0L) * scale;
            if (width > 0) {
                String tip =
                        step.milestone().text() + " after " + took(step.took()) + ", waited for " + step.waitedFor();
                svg.link("#main", tip)
                        .path(odd ? "stage second" : "stage", rectangle(x, width))
                        .end();
                odd = !odd;
                label(svg, x, width, step.milestone().text() + " " + took(step.took()));
            }
            x += width;
        }
        if (waits > 0) {
            svg.path("ghost", rectangle(x, waits * scale));
            label(
                    svg,
                    x,
                    waits * scale,
                    "waits for " + journey.waits().orElseThrow().waitsFor());
        }
        return svg.done();
    }

    private static void label(Svg svg, double x, double width, String text) {
        if (text.length() * LETTER < width) {
            svg.text(x + 2, BAR + LABEL - 5, "start", text);
        }
    }

    private static String rectangle(double x, double width) {
        return "M" + Svg.number(x) + " 0h" + Svg.number(width) + "v" + BAR + "h-" + Svg.number(width) + "z";
    }

    /** Months of the organisation: lead time in days against the field's nine months. */
    public static String leadPlot(List<ProjectInsights.Trend> trends) {
        return plot("Lead time in days, median by month of the first production", trends)
                .series(
                        "lead time",
                        trends.stream()
                                .mapToDouble(
                                        trend -> days(trend.figures().leadTime().median()))
                                .toArray())
                .limit(ProjectInsights.FIELD / DAY, "nine months")
                .svg();
    }

    public static String deliveryPlot(List<ProjectInsights.Trend> trends) {
        return plot("Versions brought into production (line) and retrainings (dashed) by month", trends)
                .series("promotions", count(trends, trend -> trend.figures().promotions()))
                .series("retrainings", count(trends, trend -> trend.figures().retrainings()))
                .svg();
    }

    public static String failurePlot(List<ProjectInsights.Trend> trends) {
        return plot("Change failure rate by month, in percent", trends)
                .series(
                        "failed",
                        count(
                                trends,
                                trend -> 100
                                        * trend.figures().changeFailureRate().orElse(Double.NaN)))
                .svg();
    }

    public static String restorePlot(List<ProjectInsights.Trend> trends) {
        return plot("Time to restore in days, median by month", trends)
                .series(
                        "restored",
                        count(trends, trend -> days(trend.figures().restore().median())))
                .svg();
    }

    public static String costPlot(List<ProjectInsights.Trend> trends, Rates rates) {
        return plot("Cost (line) and declared value (dashed) by month in " + rates.currency(), trends)
                .series("cost", count(trends, trend -> trend.money().cost()))
                .series("value", count(trends, trend -> trend.money().value().orElse(Double.NaN)))
                .svg();
    }

    public static String waitingPlot(List<ProjectInsights.Trend> trends) {
        return plot("Waiting for a decision in days, median by month", trends)
                .series(
                        "waiting",
                        trends.stream()
                                .mapToDouble(
                                        trend -> days(trend.figures().waiting().median()))
                                .toArray())
                .svg();
    }

    /** The level of every dimension's lowest, by month. */
    public static String maturityPlot(List<Assessment> history) {
        var positions = history.stream()
                .map(each -> Text.day(each.at()).substring(0, 7))
                .toList();
        double[] mean = history.stream()
                .mapToDouble(each -> each.dimensions().stream()
                        .mapToInt(Assessment.Dimension::level)
                        .average()
                        .orElse(0))
                .toArray();
        return new Plot("Level by month: mean of the dimensions (line), lowest (dashed)", positions)
                .size(WIDTH, 160)
                .series("mean", mean)
                .series(
                        "lowest",
                        history.stream().mapToDouble(Assessment::level).toArray())
                .svg();
    }

    private static Plot plot(String title, List<ProjectInsights.Trend> trends) {
        return new Plot(title, trends.stream().map(ProjectInsights.Trend::month).toList())
                .size(TREND, 160)
                .fromZero()
                .whenEmpty("No value yet.");
    }

    private static double[] count(
            List<ProjectInsights.Trend> trends, java.util.function.ToDoubleFunction<ProjectInsights.Trend> value) {
        return trends.stream().mapToDouble(value).toArray();
    }

    private static double days(OptionalDouble millis) {
        return millis.orElse(Double.NaN) / DAY;
    }

    /** {@code 2 healthy · 1 breaching}. */
    public static String counts(Map<String, Integer> health) {
        var words = health.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList();
        return words.isEmpty() ? "none serves" : String.join(" · ", words);
    }
}

package org.millwright.insight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.millwright.dataset.TableEngine;
import org.millwright.insight.ProjectInsights.Row;
import org.millwright.scoring.Frame;

/** What was found as tables, for spreadsheets and other engines: how projects deliver, or a row a model. */
public final class Exports {
    private static final double DAY = 86_400_000.0;

    private final TableEngine tables;
    private final Path folder;

    /** @param folder for files that live as long as they are written */
    public Exports(TableEngine tables, Path folder) {
        this.tables = tables;
        this.folder = folder;
    }

    /**
     * Who or when a row is about.
     *
     * @param scope {@code all}, {@code owner}, {@code month} or {@code project}
     * @param name of the owner, the month or the project
     * @param journey of a project
     * @param reused things not made anew: of all together, or that a project shares
     */
    private record Line(
            String scope,
            String name,
            int projects,
            Optional<Row> project,
            Figures figures,
            Money money,
            OptionalInt reused) {
        Optional<Journey> journey() {
            return project.map(Row::journey);
        }
    }

    /**
     * How projects deliver: all together first, then by owner, by month and by project, which column {@code scope} tells.
     * Durations are days; what is no number yet is missing.
     */
    public static Frame delivery(ProjectInsights.Report report) {
        List<Line> lines = lines(report);
        Frame.Builder frame = Frame.of(lines.size());
        texts(frame, "scope", lines, Line::scope);
        texts(frame, "name", lines, Line::name);
        texts(frame, "owner", lines, line -> line.project().map(Row::owner).orElse(null));
        texts(
                frame,
                "state",
                lines,
                line -> line.project()
                        .map(row -> row.state().name().toLowerCase(Locale.ROOT))
                        .orElse(null));
        for (Milestone milestone : Milestone.values()) {
            String name = milestone.text().replace(' ', '_');
            Function<Line, Optional<Journey.Step>> step =
                    line -> line.journey().map(journey -> journey.steps().get(milestone.ordinal()));
            texts(
                    frame,
                    name + "_at",
                    lines,
                    line -> step.apply(line)
                            .flatMap(Journey.Step::reached)
                            .map(at -> Instant.ofEpochMilli(at).toString())
                            .orElse(null));
            numbers(
                    frame,
                    name + "_days",
                    lines,
                    line -> step.apply(line)
                            .flatMap(Journey.Step::took)
                            .map(Exports::days)
                            .orElse(Double.NaN));
        }
        numbers(
                frame,
                "lead_time_days",
                lines,
                line -> line.journey()
                        .flatMap(Journey::total)
                        .map(Exports::days)
                        .orElseGet(() -> days(line.figures().leadTime().median())));
        numbers(frame, "projects", lines, Line::projects);
        figures(frame, lines);
        money(frame, lines);
        return frame.build();
    }

    private static List<Line> lines(ProjectInsights.Report report) {
        List<Reuse.Shared> shared = report.reuse().shared();
        var lines = new ArrayList<Line>();
        lines.add(new Line(
                "all",
                "",
                report.projects().size(),
                Optional.empty(),
                report.figures(),
                report.money(),
                OptionalInt.of(report.reuse().avoided())));
        report.teams()
                .forEach(team -> lines.add(new Line(
                        "owner",
                        team.owner(),
                        team.projects(),
                        Optional.empty(),
                        team.figures(),
                        team.money(),
                        OptionalInt.empty())));
        report.trends()
                .forEach(trend -> lines.add(new Line(
                        "month",
                        trend.month(),
                        report.projects().size(),
                        Optional.empty(),
                        trend.figures(),
                        trend.money(),
                        OptionalInt.empty())));
        report.projects()
                .forEach(row -> lines.add(new Line(
                        "project", row.project(), 1, Optional.of(row), row.figures(), row.money(), OptionalInt.of((int)
                                shared.stream()
                                        .filter(each -> each.projects().contains(row.project()))
                                        .count()))));
        return lines;
    }

    private static void figures(Frame.Builder frame, List<Line> lines) {
        count(frame, "promotions", lines, Figures::promotions);
        count(frame, "promotions_per_month", lines, Figures::promotionsPerMonth);
        count(frame, "releases", lines, Figures::releases);
        count(frame, "failed_releases", lines, Figures::failedReleases);
        count(frame, "change_failure_rate", lines, figures -> or(figures.changeFailureRate()));
        count(frame, "restored", lines, figures -> figures.restore().n());
        count(
                frame,
                "restore_median_days",
                lines,
                figures -> days(figures.restore().median()));
        count(frame, "open_incidents", lines, Figures::openIncidents);
        count(frame, "retrainings", lines, Figures::retrainings);
        count(frame, "retrainings_per_month", lines, Figures::retrainingsPerMonth);
        count(frame, "decisions", lines, figures -> figures.waiting().n());
        count(
                frame,
                "waiting_median_days",
                lines,
                figures -> days(figures.waiting().median()));
        count(
                frame,
                "waiting_p90_days",
                lines,
                figures -> days(figures.waiting().p90()));
        count(frame, "still_waiting", lines, Figures::stillWaiting);
        count(frame, "gates", lines, Figures::gates);
        count(frame, "gates_passed_first", lines, Figures::gatesPassedFirst);
        count(frame, "loops", lines, Figures::loops);
        count(frame, "approved", lines, Figures::approved);
        count(frame, "reached_production", lines, Figures::reachedProduction);
        count(frame, "success_rate", lines, figures -> or(figures.successRate()));
        numbers(
                frame,
                "used_again",
                lines,
                line -> line.reused().isPresent() ? line.reused().getAsInt() : Double.NaN);
    }

    private static void count(Frame.Builder frame, String name, List<Line> lines, ToDoubleFunction<Figures> value) {
        numbers(frame, name, lines, line -> value.applyAsDouble(line.figures()));
    }

    private static void money(Frame.Builder frame, List<Line> lines) {
        numbers(frame, "step_seconds", lines, line -> line.money().stepSeconds());
        numbers(frame, "serving_seconds", lines, line -> line.money().servingSeconds());
        numbers(frame, "predictions", lines, line -> line.money().predictions());
        numbers(frame, "outcomes", lines, line -> line.money().outcomes());
        numbers(frame, "cost", lines, line -> line.money().cost());
        numbers(frame, "value", lines, line -> or(line.money().value()));
        numbers(frame, "roi", lines, line -> or(line.money().roi()));
    }

    /** The inventory. */
    public static Frame models(List<Inventoried> models) {
        Frame.Builder frame = Frame.of(models.size());
        texts(frame, "ref", models, Inventoried::ref);
        texts(frame, "project", models, Inventoried::project);
        texts(frame, "owner", models, Inventoried::owner);
        texts(frame, "tier", models, Inventoried::tier);
        texts(frame, "stage", models, Inventoried::stage);
        texts(frame, "served_at", models, Inventoried::deployment);
        texts(frame, "health", models, Inventoried::health);
        texts(frame, "agreement", models, Inventoried::agreement);
        texts(frame, "drift", models, Inventoried::drift);
        texts(frame, "bias", models, Inventoried::bias);
        texts(frame, "certificate", models, Inventoried::certificate);
        texts(frame, "reproduced", models, Inventoried::reproduced);
        texts(frame, "vulnerabilities", models, Inventoried::vulnerabilities);
        texts(
                frame,
                "attention",
                models,
                model -> model.attention().isEmpty()
                        ? ""
                        : model.attention().getFirst().reason());
        return frame.build();
    }

    /** The table as CSV (RFC 4180), with a header. */
    public static String csv(Frame frame) {
        var out = new StringBuilder(String.join(",", frame.names())).append("\r\n");
        for (int row = 0; row < frame.rows(); row++) {
            for (int column = 0; column < frame.width(); column++) {
                out.append(column == 0 ? "" : ",").append(cell(frame.value(column, row)));
            }
            out.append("\r\n");
        }
        return out.toString();
    }

    /** Text that a spreadsheet would take for a formula is kept from being one. */
    private static String cell(@Nullable Object value) {
        if (value == null || value instanceof Double number && number.isNaN()) {
            return "";
        }
        if (value instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString(number.longValue())
                    : number.toString();
        }
        String text = value.toString();
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^,\"\\r\\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    /** The table as a Parquet file. */
    public byte[] parquet(Frame frame) {
        try {
            Files.createDirectories(folder);
            Path made = Files.createTempDirectory(folder, "insight");
            Path file = made.resolve("insight.parquet");
            try {
                try (var writer = tables.writer(file)) {
                    writer.append(frame);
                    writer.finish();
                }
                return Files.readAllBytes(file);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double days(long millis) {
        return millis / DAY;
    }

    private static double days(OptionalDouble millis) {
        return or(millis) / DAY;
    }

    private static double or(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    private static <T> void texts(Frame.Builder frame, String name, List<T> rows, Function<T, @Nullable String> value) {
        var values = new @Nullable String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        frame.strings(name, values);
    }

    private static <T> void numbers(Frame.Builder frame, String name, List<T> rows, ToDoubleFunction<T> value) {
        frame.doubles(name, rows.stream().mapToDouble(value).toArray());
    }
}

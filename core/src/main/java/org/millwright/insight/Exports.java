package org.millwright.insight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.millwright.dataset.TableEngine;
import org.millwright.insight.ProjectInsights.Row;
import org.millwright.scoring.Frame;

/** What was found as tables, for spreadsheets and other engines: a row a project, or a row a model. */
public final class Exports {
    private static final double DAY = 86_400_000.0;

    private final TableEngine tables;
    private final Path folder;

    /** @param folder for files that live as long as they are written */
    public Exports(TableEngine tables, Path folder) {
        this.tables = tables;
        this.folder = folder;
    }

    /** Projects with their figures; durations in days, what is no number yet is missing. */
    public static Frame projects(List<Row> rows) {
        Frame.Builder frame = Frame.of(rows.size());
        texts(frame, "project", rows, Row::project);
        texts(frame, "owner", rows, Row::owner);
        texts(frame, "state", rows, row -> row.state().name().toLowerCase(java.util.Locale.ROOT));
        for (Milestone milestone : Milestone.values()) {
            String name = milestone.text().replace(' ', '_');
            Function<Row, Journey.Step> step = row -> row.journey().steps().get(milestone.ordinal());
            texts(
                    frame,
                    name + "_at",
                    rows,
                    row -> step.apply(row)
                            .reached()
                            .map(at -> java.time.Instant.ofEpochMilli(at).toString())
                            .orElse(null));
            numbers(
                    frame,
                    name + "_days",
                    rows,
                    row -> step.apply(row).took().map(Exports::days).orElse(Double.NaN));
        }
        numbers(
                frame,
                "lead_time_days",
                rows,
                row -> row.journey().total().map(Exports::days).orElse(Double.NaN));
        figures(frame, rows);
        money(frame, rows);
        return frame.build();
    }

    private static void figures(Frame.Builder frame, List<Row> rows) {
        numbers(frame, "promotions", rows, row -> row.figures().promotions());
        numbers(frame, "promotions_per_month", rows, row -> row.figures().promotionsPerMonth());
        numbers(frame, "releases", rows, row -> row.figures().releases());
        numbers(frame, "failed_releases", rows, row -> row.figures().failedReleases());
        numbers(frame, "change_failure_rate", rows, row -> or(row.figures().changeFailureRate()));
        numbers(
                frame,
                "restore_median_days",
                rows,
                row -> or(row.figures().restore().median()) / DAY);
        numbers(frame, "open_incidents", rows, row -> row.figures().openIncidents());
        numbers(frame, "retrainings", rows, row -> row.figures().retrainings());
        numbers(
                frame,
                "waiting_median_days",
                rows,
                row -> or(row.figures().waiting().median()) / DAY);
        numbers(
                frame,
                "waiting_p90_days",
                rows,
                row -> or(row.figures().waiting().p90()) / DAY);
        numbers(frame, "gates", rows, row -> row.figures().gates());
        numbers(frame, "gates_passed_first", rows, row -> row.figures().gatesPassedFirst());
        numbers(frame, "loops", rows, row -> row.figures().loops());
    }

    private static void money(Frame.Builder frame, List<Row> rows) {
        numbers(frame, "step_seconds", rows, row -> row.money().stepSeconds());
        numbers(frame, "serving_seconds", rows, row -> row.money().servingSeconds());
        numbers(frame, "predictions", rows, row -> row.money().predictions());
        numbers(frame, "outcomes", rows, row -> row.money().outcomes());
        numbers(frame, "cost", rows, row -> row.money().cost());
        numbers(frame, "value", rows, row -> or(row.money().value()));
        numbers(frame, "roi", rows, row -> or(row.money().roi()));
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

package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.drift.ColumnComparison;
import org.millwright.scoring.drift.DriftMethod;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftSettings;
import org.millwright.scoring.drift.DriftVerdict;
import org.millwright.scoring.profile.ColumnCounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw drift}: whether the rows of one file come from the same world as those of another. */
@Command(
        name = "drift",
        description = "How far the columns of a table moved from a reference; needs no server.",
        mixinStandardHelpOptions = true)
final class DriftCommand implements Callable<Integer> {
    @Mixin
    private Written written = new Written();

    @Parameters(paramLabel = "REFERENCE", description = "CSV or Parquet file of the rows to compare with.")
    private Path reference = Path.of("");

    @Parameters(paramLabel = "CURRENT", description = "CSV or Parquet file of the rows that may have drifted.")
    private Path current = Path.of("");

    @Option(names = "--columns", split = ",", description = "Only these; else all.")
    private List<String> columns = List.of();

    @Option(
            names = "--method",
            description = "What decides, such as psi, ks, js, wasserstein, hellinger, chi2; else by type and rows.")
    private Optional<String> method = Optional.empty();

    @Option(names = "--threshold", description = "From which that method's value is drift; else its own.")
    private Optional<Double> threshold = Optional.empty();

    @Option(
            names = "--alpha",
            description = "How often at most rows without drift may raise an alarm (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.05")
    private double alpha;

    @Option(
            names = "--min-rows",
            description = "Rows with a value below which nothing is said (default: ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int minRows;

    @Option(
            names = "--columns-share",
            description = "Share of drifted columns that is drift of the table (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.5")
    private double columnsShare;

    @Option(names = "--missing", split = ",", description = "Missing values in CSV files; else those of pandas.")
    private List<String> missing = TableFiles.MISSING;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with all distributions as well.")
    private Optional<Path> html = Optional.empty();

    @Option(names = "--check", description = "Exit 6 when the table has drifted.")
    private boolean check;

    @Override
    public Integer call() {
        DriftSettings settings = settings();
        Path before = written.around().resolve(reference);
        Path now = written.around().resolve(current);
        DriftOutput output;
        try (var files = new TableFiles()) {
            CompletableFuture<OpenTable> r = CompletableFuture.supplyAsync(() -> files.open(before, missing));
            try (OpenTable c = files.open(now, missing);
                    OpenTable opened = r.join()) {
                DriftReport report = DriftReport.of(compared(opened, c), settings);
                output = new DriftOutput(report, before, now, opened.rows(), c.rows());
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        html.ifPresent(file -> write(written.around().resolve(file), output));
        int exit = output.write(written);
        return check && output.report().verdict() == DriftVerdict.DRIFT ? Exit.REFUSED : exit;
    }

    private DriftSettings settings() {
        Optional<DriftMethod> chosen = method.map(name -> DriftMethod.of(name)
                .orElseThrow(() ->
                        new Problem.Invalid("--method: '" + name + "' (expected one of " + DriftMethod.names() + ")")));
        try {
            return new DriftSettings(
                    chosen,
                    threshold.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                    alpha,
                    minRows,
                    columnsShare);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(String.valueOf(e.getMessage()));
        }
    }

    /** The columns of both files, each file read by a thread of its own. */
    private List<ColumnComparison> compared(OpenTable r, OpenTable c) {
        Set<String> before = names(r);
        Set<String> now = names(c);
        Set<String> all = new LinkedHashSet<>(columns.isEmpty() ? before : columns);
        if (columns.isEmpty()) {
            all.addAll(now);
        }
        columns.stream()
                .filter(name -> !before.contains(name) && !now.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Problem.Invalid("--columns: neither file has a column '" + name + "' (they have: "
                            + String.join(", ", before) + ")");
                });
        List<CompletableFuture<ColumnComparison>> pending = new ArrayList<>();
        try (var left = Executors.newSingleThreadExecutor();
                var right = Executors.newSingleThreadExecutor()) {
            for (String name : all) {
                pending.add(count(r, before, name, left)
                        .thenCombineAsync(
                                count(c, now, name, right),
                                (x, y) -> ColumnComparison.of(x.orElse(null), y.orElse(null))));
            }
            return pending.stream().map(CompletableFuture::join).toList();
        }
    }

    private static CompletableFuture<Optional<ColumnCounts>> count(
            OpenTable table, Set<String> has, String name, Executor on) {
        return CompletableFuture.supplyAsync(
                () -> has.contains(name) ? Optional.of(table.count(name)) : Optional.empty(), on);
    }

    private static Set<String> names(OpenTable table) {
        Set<String> names = new LinkedHashSet<>();
        table.columns().stream().map(Column::name).forEach(names::add);
        return names;
    }

    private void write(Path file, DriftOutput output) {
        try {
            Files.writeString(file, new DriftPage(output).html());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written.say("The report is in " + file + "; any browser shows it.");
    }
}

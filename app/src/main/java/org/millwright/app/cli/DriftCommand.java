package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Problem;
import org.millwright.monitor.TableDrift;
import org.millwright.scoring.drift.DriftMethod;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftSettings;
import org.millwright.scoring.drift.DriftVerdict;
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

    @Option(
            names = "--multivariate",
            description = "Also whether a classifier can tell the two apart by all columns together.")
    private boolean multivariate;

    @Option(names = "--check", description = "Exit 6 when the table has drifted.")
    private boolean check;

    @Override
    public Integer call() {
        DriftSettings settings = settings();
        Path before = written.around().resolve(reference);
        Path now = written.around().resolve(current);
        DriftOutput output;
        try (var files = new TableFiles()) {
            var opening = CompletableFuture.supplyAsync(() -> files.open(before, missing));
            try {
                OpenTable c = files.open(now, missing);
                OpenTable r = opening.join();
                DriftReport report = TableDrift.between(r, c, columns, settings);
                output = new DriftOutput(
                        report,
                        before,
                        now,
                        r.rows(),
                        c.rows(),
                        multivariate ? Optional.of(TableDrift.multivariate(r, c, report)) : Optional.empty());
            } finally {
                opening.handle((table, failure) -> true).join();
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

    private void write(Path file, DriftOutput output) {
        try {
            Files.writeString(file, new DriftPage(output).html());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written.say("The report is in " + file + "; any browser shows it.");
    }
}

package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.millwright.dataset.OpenTable;
import org.millwright.drift.TableDrift;
import org.millwright.kernel.Problem;
import org.millwright.scoring.drift.ColumnVerdict;
import org.millwright.scoring.drift.DriftMethod;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftSettings;
import org.millwright.scoring.drift.DriftVerdict;
import org.millwright.scoring.profile.ColumnDrift;
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
    private static final int WIDE = 100;

    @Mixin
    private Written written = new Written();

    @Parameters(paramLabel = "REFERENCE", description = "CSV or Parquet file of the rows to compare with.")
    private Path reference = Path.of("");

    @Parameters(paramLabel = "CURRENT", description = "CSV or Parquet file of the rows that may have drifted.")
    private Path current = Path.of("");

    @Option(names = "--columns", split = ",", description = "Only these; else all.")
    private List<String> columns = List.of();

    @Option(names = "--ignore", paramLabel = "COLUMN", split = ",", description = "Not these, such as ids.")
    private List<String> ignored = List.of();

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN",
            split = ",",
            description = "Numbers that are categories, such as codes.")
    private List<String> categorical = List.of();

    @Option(
            names = "--method",
            description = "What decides, such as psi, ks, js, wasserstein, hellinger, chi2; else by type and rows.")
    private Optional<String> method = Optional.empty();

    @Option(names = "--threshold", description = "From which that method's value is drift; else its own.")
    private Optional<Double> threshold = Optional.empty();

    @Option(
            names = "--column-method",
            paramLabel = "COLUMN=METHOD[:THRESHOLD]",
            split = ",",
            description = "What decides about one column, and from where on; may be repeated.")
    private Map<String, String> columnMethods = new LinkedHashMap<>();

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
                DriftReport report = TableDrift.between(
                        r,
                        c,
                        new TableDrift.Choice(columns, Set.copyOf(ignored), Set.copyOf(categorical)),
                        settings,
                        this::progress);
                written.screen().settle();
                applied(report);
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

    /** Of wide tables only, which take a while. */
    private void progress(int done, int all) {
        if (all <= WIDE || done % WIDE > 0) {
            return;
        }
        String text = "Compared " + Texts.count(done) + " of " + Texts.count(all) + " columns.";
        if (written.screen().isTerminal()) {
            written.screen().live(List.of(text));
        } else if (done % (10 * WIDE) == 0) {
            written.say(text);
        }
    }

    private DriftSettings settings() {
        try {
            Map<String, DriftSettings.Chosen> chosen = new LinkedHashMap<>();
            columnMethods.forEach((column, text) -> chosen.put(column, chosen(column, text)));
            return new DriftSettings(
                    method.map(name -> method("--method", name)),
                    threshold.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                    alpha,
                    minRows,
                    columnsShare,
                    chosen);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(String.valueOf(e.getMessage()));
        }
    }

    private static DriftMethod method(String option, String name) {
        return DriftMethod.of(name)
                .filter(DriftMethod::decides)
                .orElseThrow(() ->
                        new Problem.Invalid(option + ": '" + name + "' (expected one of " + DriftMethod.names() + ")"));
    }

    private static DriftSettings.Chosen chosen(String column, String text) {
        String option = "--column-method " + column;
        int colon = text.lastIndexOf(':');
        DriftMethod method = method(option, colon < 0 ? text : text.substring(0, colon));
        if (colon < 0) {
            return new DriftSettings.Chosen(method, OptionalDouble.empty());
        }
        String number = text.substring(colon + 1);
        try {
            double limit = Double.parseDouble(number);
            if (limit > 0 && limit < Double.POSITIVE_INFINITY) {
                return new DriftSettings.Chosen(method, OptionalDouble.of(limit));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Problem.Invalid(option + ": threshold '" + number + "' (expected: a number above 0)");
    }

    /** Refuses a method for a column that it says nothing of. */
    private void applied(DriftReport report) {
        for (ColumnVerdict column : report.columns()) {
            DriftSettings.Chosen own = report.settings().columns().get(column.column());
            boolean numeric =
                    column.comparison().drift().map(ColumnDrift::numeric).orElse(true);
            if (own != null
                    && column.comparison().drift().isPresent()
                    && !own.method().appliesTo(numeric)) {
                throw new Problem.Invalid("--column-method: " + own.method().text() + " says nothing of column '"
                        + column.column() + "', which holds " + (numeric ? "numbers" : "texts"));
            }
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

package org.millwright.drift;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.drift.ColumnComparison;
import org.millwright.scoring.drift.ColumnVerdict;
import org.millwright.scoring.drift.DomainClassifier;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftSettings;
import org.millwright.scoring.profile.ColumnCounts;

/** The drift of one table of rows from another, from all their values: each table is read by a thread of its own. */
public final class TableDrift {
    private static final int SAID = 20;

    private TableDrift() {}

    /**
     * Which columns are compared, and how.
     *
     * @param only these; empty for those of both tables
     * @param ignored not these
     * @param categorical numbers that are categories, such as codes
     */
    public record Choice(List<String> only, Set<String> ignored, Set<String> categorical) {
        public static final Choice ALL = new Choice(List.of(), Set.of(), Set.of());
    }

    public static DriftReport between(OpenTable reference, OpenTable current, Choice choice, DriftSettings settings) {
        return between(reference, current, choice, settings, (done, all) -> {});
    }

    /** Hears how many columns are compared of how many. */
    public interface Progress {
        void done(int done, int all);
    }

    public static DriftReport between(
            OpenTable reference, OpenTable current, Choice choice, DriftSettings settings, Progress progress) {
        Set<String> before = names(reference);
        Set<String> now = names(current);
        Set<String> all = new LinkedHashSet<>(choice.only().isEmpty() ? before : choice.only());
        if (choice.only().isEmpty()) {
            all.addAll(now);
        }
        Stream.of(
                        choice.only(),
                        choice.ignored(),
                        choice.categorical(),
                        settings.columns().keySet())
                .flatMap(Collection::stream)
                .filter(name -> !before.contains(name) && !now.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Problem.Invalid("Neither table has a column '" + name + "'"
                            + Yaml.nearest(name, before)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("")
                            + " (they have: " + some(before) + ")");
                });
        all.removeAll(choice.ignored());
        List<CompletableFuture<ColumnComparison>> pending = new ArrayList<>();
        try (var left = Executors.newSingleThreadExecutor();
                var right = Executors.newSingleThreadExecutor()) {
            for (String name : all) {
                boolean categorical = choice.categorical().contains(name);
                pending.add(count(reference, before, name, categorical, left)
                        .thenCombineAsync(
                                count(current, now, name, categorical, right),
                                (x, y) -> ColumnComparison.of(x.orElse(null), y.orElse(null))));
            }
            List<ColumnComparison> compared = new ArrayList<>();
            for (CompletableFuture<ColumnComparison> each : pending) {
                compared.add(each.join());
                progress.done(compared.size(), pending.size());
            }
            return DriftReport.of(compared, settings);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The drift of all columns together that the report could compare, from samples of both tables. */
    public static DomainClassifier multivariate(OpenTable reference, OpenTable current, DriftReport report) {
        List<String> compared = report.columns().stream()
                .filter(column -> column.comparison().drift().isPresent())
                .map(ColumnVerdict::column)
                .toList();
        if (compared.isEmpty()) {
            throw new Problem.Invalid("The two tables have no column that can be compared");
        }
        var before = CompletableFuture.supplyAsync(() -> reference.sample(compared, DomainClassifier.ENOUGH));
        return DomainClassifier.of(
                before.join(),
                current.sample(compared, DomainClassifier.ENOUGH),
                report.settings().minRows());
    }

    private static CompletableFuture<Optional<ColumnCounts>> count(
            OpenTable table, Set<String> has, String name, boolean categorical, Executor on) {
        return CompletableFuture.supplyAsync(
                () -> has.contains(name)
                        ? Optional.of(table.count(name)).map(counts -> categorical ? counts.categories() : counts)
                        : Optional.empty(),
                on);
    }

    /** The first of the names. */
    private static String some(Set<String> names) {
        String first = names.stream().limit(SAID).collect(Collectors.joining(", "));
        return names.size() > SAID ? first + " and " + (names.size() - SAID) + " more" : first;
    }

    private static Set<String> names(OpenTable table) {
        Set<String> names = new LinkedHashSet<>();
        table.columns().stream().map(Column::name).forEach(names::add);
        return names;
    }
}

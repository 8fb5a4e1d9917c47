package org.millwright.monitor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.drift.ColumnComparison;
import org.millwright.scoring.drift.ColumnVerdict;
import org.millwright.scoring.drift.DomainClassifier;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftSettings;
import org.millwright.scoring.profile.ColumnCounts;

/** The drift of one table of rows from another, from all their values: each table is read by a thread of its own. */
public final class TableDrift {
    private TableDrift() {}

    /** @param columns only these; empty for those of both */
    public static DriftReport between(
            OpenTable reference, OpenTable current, List<String> columns, DriftSettings settings) {
        Set<String> before = names(reference);
        Set<String> now = names(current);
        Set<String> all = new LinkedHashSet<>(columns.isEmpty() ? before : columns);
        if (columns.isEmpty()) {
            all.addAll(now);
        }
        columns.stream()
                .filter(name -> !before.contains(name) && !now.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Problem.Invalid(
                            "Neither table has a column '" + name + "' (they have: " + String.join(", ", before) + ")");
                });
        List<CompletableFuture<ColumnComparison>> pending = new ArrayList<>();
        try (var left = Executors.newSingleThreadExecutor();
                var right = Executors.newSingleThreadExecutor()) {
            for (String name : all) {
                pending.add(count(reference, before, name, left)
                        .thenCombineAsync(
                                count(current, now, name, right),
                                (x, y) -> ColumnComparison.of(x.orElse(null), y.orElse(null))));
            }
            return DriftReport.of(pending.stream().map(CompletableFuture::join).toList(), settings);
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
            OpenTable table, Set<String> has, String name, Executor on) {
        return CompletableFuture.supplyAsync(
                () -> has.contains(name) ? Optional.of(table.count(name)) : Optional.empty(), on);
    }

    private static Set<String> names(OpenTable table) {
        Set<String> names = new LinkedHashSet<>();
        table.columns().stream().map(Column::name).forEach(names::add);
        return names;
    }
}

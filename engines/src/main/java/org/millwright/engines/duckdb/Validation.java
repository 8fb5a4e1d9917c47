package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.millwright.dataset.Column;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.Rule;
import org.millwright.dataset.RuleResult;
import org.millwright.dataset.RuleResult.Outcome;
import org.millwright.dataset.RuleResult.Sample;
import org.millwright.dataset.ValidationReport;

/** Checks a loaded source against its contract: one scan for all counts, then the rows of the rules that broke. */
final class Validation {
    private static final int KEPT = 10_000;
    private static final int SAMPLES = 5;
    private static final int SAMPLE_COLUMNS = 50;

    private final Duck duck;
    private final Source source;
    private final ContractTable contract;
    private final Instant reference;

    Validation(Duck duck, Source source, ContractTable contract, Instant reference) {
        this.duck = duck;
        this.source = source;
        this.contract = contract;
        this.reference = reference;
    }

    /** A report, and how many rows were written to the file of failing rows. */
    record Result(ValidationReport report, long failing) {}

    Result run(Path failing) throws SQLException {
        List<Check> checks =
                contract.rules().stream().map(rule -> new Check(rule, source)).toList();
        Map<String, Double> measured = measure(checks);
        long rows = duck.one("select count(*) from source", row -> row.getLong(1));
        Map<String, Long> counts = keepFailing(checks, measured, rows, failing);
        Map<String, List<Sample>> samples = samples(counts);
        duck.lock();
        var results = new ArrayList<RuleResult>();
        for (Check check : checks) {
            results.add(result(check, measured, rows, counts, samples));
        }
        long kept = counts.values().stream()
                .mapToLong(count -> Math.min(count, KEPT))
                .sum();
        return new Result(new ValidationReport(contract.contract(), contract.name(), rows, results), kept);
    }

    private Map<String, Double> measure(List<Check> checks) throws SQLException {
        List<Check> counted = checks.stream()
                .filter(check -> check.obstacle().isEmpty() && check.aggregate().isPresent())
                .toList();
        String select =
                counted.stream().map(check -> check.aggregate().orElseThrow()).collect(Collectors.joining(",\n"));
        return duck.one("select " + select + ", count(*) from checked", row -> {
            var measured = new LinkedHashMap<String, Double>();
            for (int i = 0; i < counted.size(); i++) {
                double value = row.getDouble(i + 1);
                measured.put(counted.get(i).rule().id(), row.wasNull() ? Double.NaN : value);
            }
            return measured;
        });
    }

    /** Writes the rows that break a broken rule; returns how many there are by rule. */
    private Map<String, Long> keepFailing(List<Check> checks, Map<String, Double> measured, long rows, Path failing)
            throws SQLException {
        var counts = new LinkedHashMap<String, Long>();
        String texts = source.given().stream()
                .map(column -> "cast(" + Sql.name(column.name()) + " as varchar) as " + Sql.name(column.name()))
                .collect(Collectors.joining(", "));
        duck.execute("create table failing as select '' as " + Sql.name("mw:rule") + ", " + Source.ROW
                + (texts.isEmpty() ? "" : ", " + texts) + " from source limit 0");
        for (Check check : checks) {
            String id = check.rule().id();
            boolean broken = measured.containsKey(id)
                    && check.rows().isPresent()
                    && !check.rule().threshold().allows(scaled(check.rule(), measured.get(id), rows));
            if (broken) {
                String numbers = check.rows().orElseThrow();
                counts.put(id, duck.one("select count(*) from (" + numbers + ")", row -> row.getLong(1)));
                duck.execute("insert into failing select " + Sql.text(id) + ", " + Source.ROW
                        + (texts.isEmpty() ? "" : ", " + texts) + " from source where " + Source.ROW + " in (" + numbers
                        + ") order by " + Source.ROW + " limit " + KEPT);
            }
        }
        if (!counts.isEmpty()) {
            duck.execute(Sql.copy(
                    "select " + Sql.name("mw:rule") + " as rule, " + Source.ROW + " as row, * exclude ("
                            + Sql.name("mw:rule") + ", " + Source.ROW + ") from failing",
                    failing));
        }
        return counts;
    }

    private Map<String, List<Sample>> samples(Map<String, Long> counts) throws SQLException {
        var samples = new LinkedHashMap<String, List<Sample>>();
        if (counts.isEmpty()) {
            return samples;
        }
        List<String> columns =
                source.given().stream().map(Column::name).limit(SAMPLE_COLUMNS).toList();
        String rule = Sql.name("mw:rule");
        duck.query(
                "select * from failing qualify row_number() over (partition by " + rule + " order by " + Source.ROW
                        + ") <= " + SAMPLES + " order by " + rule + ", " + Source.ROW,
                row -> samples.computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                        .add(sample(row, columns)));
        return samples;
    }

    private static Sample sample(ResultSet row, List<String> columns) throws SQLException {
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < columns.size(); i++) {
            String value = row.getString(i + 3);
            if (value != null) {
                values.put(columns.get(i), value.length() > 100 ? value.substring(0, 100) + "…" : value);
            }
        }
        return new Sample(row.getLong(2), values);
    }

    private RuleResult result(
            Check check,
            Map<String, Double> measured,
            long rows,
            Map<String, Long> counts,
            Map<String, List<Sample>> samples) {
        Rule rule = check.rule();
        if (check.obstacle().isPresent()) {
            return result(
                    rule, Outcome.NOT_RUN, 0, 0, List.of(), check.obstacle().get());
        }
        double value;
        if (rule.check() instanceof Rule.Sql sql) {
            try {
                value = ask(sql);
            } catch (SQLException e) {
                return result(rule, Outcome.FAILED, 0, 0, List.of(), "the query fails: " + e.getMessage());
            }
        } else {
            value = scaled(rule, measured.getOrDefault(rule.id(), Double.NaN), rows);
        }
        Outcome outcome = rule.threshold().allows(value) ? Outcome.PASSED : Outcome.FAILED;
        long failing = counts.getOrDefault(rule.id(), 0L);
        String note = outcome == Outcome.FAILED ? note(rule, value) : "";
        return result(rule, outcome, value, failing, samples.getOrDefault(rule.id(), List.of()), note);
    }

    private static RuleResult result(
            Rule rule, Outcome outcome, double measured, long failing, List<Sample> samples, String note) {
        return new RuleResult(
                rule.id(),
                rule.description(),
                rule.severity(),
                outcome,
                measured,
                rule.threshold().text(),
                failing,
                samples,
                note);
    }

    private String note(Rule rule, double value) {
        return switch (rule.check()) {
            case Rule.HasColumns has -> "missing: " + String.join(", ", source.absent());
            case Rule.OnlyColumns only -> "unknown: " + String.join(", ", source.unknown());
            case Rule.Fresh fresh -> age(value, fresh);
            default -> "";
        };
    }

    private String age(double seconds, Rule.Fresh fresh) {
        if (Double.isNaN(seconds)) {
            return "there is no value";
        }
        return String.format(
                Locale.ROOT,
                "the newest value is %.1f days older than %s (promised: %.1f)",
                seconds / 86_400,
                reference,
                fresh.oldest().toSeconds() / 86_400.0);
    }

    /** The number to compare: a share in per cent where the threshold is one, an age where a time was measured. */
    private double scaled(Rule rule, double value, long rows) {
        return switch (rule.check()) {
            case Rule.Fresh fresh -> reference.toEpochMilli() / 1000.0 - value;
            case Rule.RowCheck row when rule.threshold().percent() -> rows == 0 ? 0 : 100 * value / rows;
            case Rule.Unique unique when rule.threshold().percent() -> rows == 0 ? 0 : 100 * value / rows;
            default -> value;
        };
    }

    /** The first number of a query, which sees the table and nothing else. */
    private double ask(Rule.Sql sql) throws SQLException {
        String query = sql.query().replace("${table}", "checked");
        List<Double> answers = duck.query("select * from (" + query + "\n)", row -> {
            double value = row.getDouble(1);
            return row.wasNull() ? Double.NaN : value;
        });
        return answers.isEmpty() ? Double.NaN : answers.getFirst();
    }
}

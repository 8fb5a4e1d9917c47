package org.millwright.engines.duckdb;

import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.dataset.Rule;

/** The SQL of one rule on the view {@code checked}: what it measures, and which rows break it. */
final class Check {
    private final Rule rule;
    private final Source source;

    Check(Rule rule, Source source) {
        this.rule = rule;
        this.source = source;
    }

    Rule rule() {
        return rule;
    }

    /** Why the rule cannot be run on this data. */
    Optional<String> obstacle() {
        return switch (rule.check()) {
            case Rule.Foreign foreign -> Optional.of("it is for the engine " + foreign.engine());
            case Rule.RowCheck row
            when source.absent().contains(row.column()) -> Optional.of("the column is not there");
            case Rule.Fresh fresh
            when source.absent().contains(fresh.column()) -> Optional.of("the column is not there");
            case Rule.Unique unique
            when unique.columns().stream().anyMatch(source.absent()::contains) -> Optional.of("a column is not there");
            default -> Optional.empty();
        };
    }

    /** An aggregate over {@code checked} that gives the number; empty for what is not counted in its one scan. */
    Optional<String> aggregate() {
        return switch (rule.check()) {
            case Rule.RowCheck row -> Optional.of("count(*) filter (where " + violates(row) + ")");
            case Rule.Unique unique -> Optional.of(duplicates(unique));
            case Rule.RowCount count -> Optional.of("count(*)");
            case Rule.Fresh fresh -> Optional.of("epoch(max(" + Sql.name(fresh.column()) + ")::timestamp)");
            case Rule.HasColumns has ->
                Optional.of(Integer.toString(source.absent().size()));
            case Rule.OnlyColumns only ->
                Optional.of(Integer.toString(source.unknown().size()));
            case Rule.Sql sql -> Optional.empty();
            case Rule.Foreign foreign -> Optional.empty();
        };
    }

    /** A query for the numbers of the rows that break the rule; empty when no single row does. */
    Optional<String> rows() {
        return switch (rule.check()) {
            case Rule.RowCheck row -> Optional.of("select " + Source.ROW + " from checked where " + violates(row));
            case Rule.Unique unique ->
                Optional.of("select " + Source.ROW + " from checked where " + present(unique)
                        + " qualify count(*) over (partition by " + columns(unique) + ") > 1");
            default -> Optional.empty();
        };
    }

    private String violates(Rule.RowCheck check) {
        String column = Sql.name(check.column());
        return switch (check) {
            case Rule.NotNull none -> column + " is null";
            case Rule.HasType none -> unfit(check.column());
            case Rule.NotMissing missing ->
                column + " is null or cast(" + column + " as varchar) in (" + Sql.texts(missing.words()) + ")";
            case Rule.InRange range -> outside(column, range);
            case Rule.MultipleOf multiple ->
                "abs(" + column + " / " + Sql.number(multiple.step()) + " - round(" + column + " / "
                        + Sql.number(multiple.step()) + ")) > 1e-9";
            case Rule.HasLength length ->
                "length(" + column + ") < " + length.min()
                        + (length.max() < 0 ? "" : " or length(" + column + ") > " + length.max());
            case Rule.Matches matches ->
                "not regexp_matches(cast(" + column + " as varchar), " + Sql.text(matches.pattern()) + ")";
            case Rule.OneOf one ->
                column + " not in ("
                        + one.values().stream()
                                .map(value ->
                                        "try_cast(" + Sql.text(value) + " as " + source.type(check.column()) + ")")
                                .filter(value -> !value.isEmpty())
                                .collect(Collectors.joining(", "))
                        + ")";
        };
    }

    /** Whether the text or number that came in is no value of the promised type. */
    private String unfit(String column) {
        String from = source.originalType(column);
        String to = source.type(column);
        if (from.equals(to)) {
            return "false";
        }
        String raw = Sql.name("raw:" + column);
        String typed = Sql.name(column);
        String unread = raw + " is not null and " + typed + " is null";
        if (Source.isWhole(to) && !Source.isWhole(from)) {
            return unread + " or try_cast(" + raw + " as double) <> cast(" + typed + " as double)";
        }
        return unread;
    }

    private String outside(String column, Rule.InRange range) {
        String type = source.type(range.column());
        String as = Source.isWhole(type) || type.equals("FLOAT") || type.equals("REAL") ? "double" : type;
        String low = range.low().isEmpty()
                ? ""
                : column + (range.lowOpen() ? " <= " : " < ") + "cast(" + Sql.text(range.low()) + " as " + as + ")";
        String high = range.high().isEmpty()
                ? ""
                : column + (range.highOpen() ? " >= " : " > ") + "cast(" + Sql.text(range.high()) + " as " + as + ")";
        return low + (low.isEmpty() || high.isEmpty() ? "" : " or ") + high;
    }

    private static String duplicates(Rule.Unique unique) {
        String key = unique.columns().size() == 1 ? columns(unique) : "row(" + columns(unique) + ")";
        String present = " filter (where " + present(unique) + ")";
        return "count(*)" + present + " - count(distinct " + key + ")" + present;
    }

    private static String columns(Rule.Unique unique) {
        return unique.columns().stream().map(Sql::name).collect(Collectors.joining(", "));
    }

    private static String present(Rule.Unique unique) {
        return unique.columns().stream()
                .map(column -> Sql.name(column) + " is not null")
                .collect(Collectors.joining(" and "));
    }
}

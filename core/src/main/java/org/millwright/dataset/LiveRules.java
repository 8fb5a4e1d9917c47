package org.millwright.dataset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.scoring.profile.ContractCheck.Kind;
import org.millwright.scoring.profile.ContractCheck.Most;
import org.millwright.scoring.profile.ContractChecks;

/** The rules of contracts that can be asked of one row's inputs, in the words in which traffic is checked. */
public final class LiveRules {
    private static final int SHOWN = 8;

    private final Set<String> inputs;
    private final List<ContractTable> tables;
    private final List<ContractChecks.Unchecked> unchecked = new ArrayList<>();
    private final Map<List<Object>, ContractCheck> checks = new LinkedHashMap<>();

    private LiveRules(List<ContractTable> tables, Collection<String> inputs) {
        this.tables = List.copyOf(tables);
        this.inputs = Set.copyOf(inputs);
    }

    /**
     * Sorts the rules of these tables into those that traffic is held against and all others, with the reason.
     *
     * @param inputs of the model; a rule is about the input of its column's name
     */
    public static ContractChecks of(List<ContractTable> tables, Collection<String> inputs) {
        var rules = new LiveRules(tables, inputs);
        for (ContractTable table : tables) {
            table.rules().forEach(rule -> rules.add(table, rule));
        }
        return new ContractChecks(List.copyOf(rules.checks.values()), rules.unchecked);
    }

    private void add(ContractTable table, Rule rule) {
        Optional<String> obstacle = obstacle(table, rule);
        if (obstacle.isPresent() || !(rule.check() instanceof Rule.RowCheck check)) {
            leave(table, rule, obstacle.orElse("no row breaks it by itself"));
            return;
        }
        Translated asked = translated(check, type(table, check.column()));
        Optional<Most> most = most(rule.threshold());
        if (most.isEmpty()) {
            leave(table, rule, "'" + rule.threshold().text() + "' is no upper limit of the rows that break it");
            return;
        }
        var made = new ContractCheck(
                source(table, rule),
                check.column(),
                asked.kind(),
                asked.arguments(),
                most.get(),
                ContractCheck.Severity.valueOf(rule.severity().name()),
                asked.expected());
        var meaning = List.<Object>of(made.column(), made.kind(), made.arguments(), made.most(), made.severity());
        ContractCheck same = checks.putIfAbsent(meaning, made);
        if (same != null) {
            leave(table, rule, "it is the same as " + same.source().text() + ", which is checked");
        }
    }

    private void leave(ContractTable table, Rule rule, String why) {
        unchecked.add(new ContractChecks.Unchecked(source(table, rule), why));
    }

    private static ContractCheck.Source source(ContractTable table, Rule rule) {
        return new ContractCheck.Source(table.contract(), table.digest(), table.name(), rule.id());
    }

    /** Why no row of production can be held against the rule. */
    private Optional<String> obstacle(ContractTable table, Rule rule) {
        return switch (rule.check()) {
            case Rule.RowCheck check
            when !inputs.contains(check.column()) -> Optional.of("the model has no input '" + check.column() + "'");
            case Rule.RowCheck check -> obstacle(table, check);
            case Rule.Unique unique -> Optional.of("it compares rows with each other");
            case Rule.RowCount count -> Optional.of("it counts the rows of a file");
            case Rule.Fresh fresh -> Optional.of("it is about the age of a file's newest row");
            case Rule.Sql sql -> Optional.of("its query needs the whole table");
            case Rule.Foreign foreign -> Optional.of("it is for the engine " + foreign.engine());
            case Rule.HasColumns columns -> Optional.of("the model's signature decides which columns come");
            case Rule.OnlyColumns columns -> Optional.of("the model's signature decides which columns come");
        };
    }

    private Optional<String> obstacle(ContractTable table, Rule.RowCheck check) {
        LogicalType type = type(table, check.column());
        boolean ofType = check instanceof Rule.HasType;
        if (type.isTemporal() && !(check instanceof Rule.NotNull)) {
            return Optional.of("dates and times are not compared row by row");
        }
        if (ofType && !type.isNumeric() && type != LogicalType.BOOLEAN) {
            return Optional.of("every value can be read as " + type.name().toLowerCase(java.util.Locale.ROOT));
        }
        return tables.stream()
                .filter(other -> other != table && differs(table, check, other))
                .findFirst()
                .map(other -> "table " + other.name() + " promises something else of a column of that name");
    }

    /** Whether the other table has the column and asks the same question of it with another answer. */
    private static boolean differs(ContractTable table, Rule.RowCheck check, ContractTable other) {
        List<Rule.RowCheck> theirs = asked(other, check);
        return !theirs.isEmpty() && !theirs.equals(asked(table, check))
                || check instanceof Rule.HasType
                        && other.columns().stream()
                                .anyMatch(column -> column.name().equals(check.column())
                                        && column.type() != type(table, check.column()));
    }

    private static List<Rule.RowCheck> asked(ContractTable table, Rule.RowCheck check) {
        return table.rules().stream()
                .map(Rule::check)
                .filter(found -> found.getClass() == check.getClass())
                .map(Rule.RowCheck.class::cast)
                .filter(found -> found.column().equals(check.column()))
                .toList();
    }

    private static LogicalType type(ContractTable table, String column) {
        return table.columns().stream()
                .filter(found -> found.name().equals(column))
                .map(ContractTable.Column::type)
                .findFirst()
                .orElse(LogicalType.STRING);
    }

    /** A rule as it is asked of a row's value. */
    private record Translated(Kind kind, List<String> arguments, String expected) {}

    private static Translated translated(Rule.RowCheck check, LogicalType type) {
        return switch (check) {
            case Rule.NotNull none -> new Translated(Kind.REQUIRED, List.of(), "a value");
            case Rule.NotMissing missing ->
                new Translated(Kind.PRESENT, missing.words(), "a value" + words(", and none of ", missing.words()));
            case Rule.HasType none
            when type == LogicalType.BOOLEAN -> new Translated(Kind.BOOLEAN, List.of(), "true or false");
            case Rule.HasType none
            when type == LogicalType.INTEGER -> new Translated(Kind.INTEGER, List.of(), "a whole number");
            case Rule.HasType none -> new Translated(Kind.NUMBER, List.of(), "a number");
            case Rule.InRange range -> range(range);
            case Rule.MultipleOf multiple -> {
                String step = Threshold.number(multiple.step());
                yield new Translated(Kind.MULTIPLE, List.of(step), "a multiple of " + step);
            }
            case Rule.HasLength length ->
                new Translated(
                        Kind.LENGTH,
                        List.of(Integer.toString(length.min()), Integer.toString(length.max())),
                        length.max() < 0
                                ? "at least " + length.min() + " characters"
                                : length.min() + " to " + length.max() + " characters");
            case Rule.Matches matches ->
                new Translated(Kind.PATTERN, List.of(matches.pattern()), "a match of " + matches.pattern());
            case Rule.OneOf one ->
                new Translated(
                        type.isNumeric() ? Kind.ONE_OF_NUMBERS : Kind.ONE_OF,
                        one.values(),
                        words("one of ", one.values()));
        };
    }

    private static Translated range(Rule.InRange range) {
        var arguments = new ArrayList<>(List.of(range.low(), range.high()));
        if (range.lowOpen()) {
            arguments.add("low");
        }
        if (range.highOpen()) {
            arguments.add("high");
        }
        String low = range.low().isEmpty() ? "" : (range.lowOpen() ? "above " : "at least ") + range.low();
        String high = range.high().isEmpty() ? "" : (range.highOpen() ? "below " : "at most ") + range.high();
        return new Translated(Kind.RANGE, arguments, low + (low.isEmpty() || high.isEmpty() ? "" : " and ") + high);
    }

    private static String words(String before, List<String> values) {
        return values.isEmpty()
                ? ""
                : before
                        + values.stream().limit(SHOWN).collect(Collectors.joining(", "))
                        + (values.size() > SHOWN ? ", … (" + values.size() + ")" : "");
    }

    /** The upper limit of the rows that break a rule; empty when the threshold is none, or cannot be kept. */
    private static Optional<Most> most(Threshold threshold) {
        double value = threshold.percent() ? threshold.second() / 100 : threshold.second();
        return switch (threshold.operator()) {
            case MUST_BE -> value == 0 ? Optional.of(Most.NONE) : Optional.empty();
            case MUST_BE_LESS_OR_EQUAL_TO -> most(value, threshold.percent(), false);
            case MUST_BE_LESS_THAN ->
                threshold.percent() ? most(value, true, true) : most(Math.ceil(value) - 1, false, false);
            case MUST_BE_BETWEEN -> threshold.first() <= 0 ? most(value, threshold.percent(), false) : Optional.empty();
            case MUST_NOT_BE, MUST_BE_GREATER_THAN, MUST_BE_GREATER_OR_EQUAL_TO, MUST_NOT_BE_BETWEEN ->
                Optional.empty();
        };
    }

    private static Optional<Most> most(double value, boolean share, boolean below) {
        boolean never = value < 0 || below && value == 0;
        return never ? Optional.empty() : Optional.of(value == 0 ? Most.NONE : new Most(value, share, below));
    }
}

package org.millwright.app.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** Faults as people write them: {@code KIND:WHAT…:FROM[..TO]}. All that is wrong with all of them is said at once. */
public final class FaultReader {
    /** Of each kind how it is written. */
    private static final Map<String, String> FORMS = Map.of(
            "drift", "drift:COLUMN:+2sd:FROM[..TO]",
            "unit", "unit:COLUMN:*1.609:FROM[..TO]",
            "broken", "broken:COLUMN:null|constant=VALUE|missing-column:FROM[..TO]",
            "bias", "bias:COLUMN=VALUE:label+10:FROM[..TO]",
            "concept", "concept:label+10:FROM[..TO]",
            "labels-stop", "labels-stop:FROM[..TO]",
            "duplicate", "duplicate:10%:FROM[..TO]",
            "late", "late:2d:FROM[..TO]");

    private static final int MOST = 50;
    private static final String LABEL = "label";
    private static final String CONSTANT = "constant=";
    private static final Pattern SHARE = Pattern.compile("(\\d{1,2}(?:\\.\\d+)?|100)%");
    private static final Pattern SPAN = Pattern.compile("(\\d{1,4})([hd])");

    private FaultReader() {}

    /** How every kind is written, one a line. */
    public static String forms() {
        return FORMS.values().stream().sorted().collect(Collectors.joining("\n"));
    }

    public static List<Fault> read(List<String> texts) {
        if (texts.size() > MOST) {
            throw new Problem.Invalid(texts.size() + " faults (expected: at most " + MOST + ")");
        }
        var faults = new ArrayList<Fault>();
        var wrong = new ArrayList<String>();
        for (String text : texts) {
            try {
                faults.add(read(text));
            } catch (IllegalArgumentException e) {
                wrong.add("fault " + text + ": " + e.getMessage());
            }
        }
        refuse(wrong);
        return faults;
    }

    /** Time as {@code 14d} or {@code 6h}. */
    public static Duration span(String text) {
        var matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no length of time (expected: such as 14d or 6h)");
        }
        long number = Long.parseLong(matcher.group(1));
        return matcher.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
    }

    private static Fault read(String text) {
        List<String> parts = List.of(text.strip().split(":", -1));
        String kind = parts.getFirst();
        String form = FORMS.get(kind);
        if (form == null) {
            throw new IllegalArgumentException("unknown kind '" + kind + "'"
                    + Yaml.nearest(kind, FORMS.keySet())
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("")
                    + " (known: " + FORMS.keySet().stream().sorted().collect(Collectors.joining(", ")) + ")");
        }
        if (parts.size() != form.split(":").length) {
            throw new IllegalArgumentException(
                    parts.size() + " parts (expected: " + form + ", with FROM such as 2013-08 or 2013-08-15)");
        }
        Stretch when = Stretch.parse(parts.getLast());
        return switch (kind) {
            case "drift", "unit" -> new Fault.Shifted(text, named(parts.get(1)), Change.parse(parts.get(2)), when);
            case "broken" -> broken(text, parts, when);
            case "bias" -> new Fault.Moved(text, Optional.of(segment(parts.get(1))), ofLabel(parts.get(2)), when);
            case "concept" -> new Fault.Moved(text, Optional.empty(), ofLabel(parts.get(1)), when);
            case "labels-stop" -> new Fault.Unlabelled(text, when);
            case "duplicate" -> new Fault.Twice(text, share(parts.get(1)), when);
            default -> new Fault.Late(text, span(parts.get(1)), when);
        };
    }

    private static Fault broken(String text, List<String> parts, Stretch when) {
        String column = named(parts.get(1));
        String how = parts.get(2);
        if (how.startsWith(CONSTANT) && how.length() > CONSTANT.length()) {
            return new Fault.Broken(text, column, Fault.Instead.CONSTANT, how.substring(CONSTANT.length()), when);
        }
        return switch (how) {
            case "null" -> new Fault.Broken(text, column, Fault.Instead.NULL, "", when);
            case "missing-column" -> new Fault.Broken(text, column, Fault.Instead.ABSENT, "", when);
            default ->
                throw new IllegalArgumentException("'" + how + "' (expected: null, constant=VALUE or missing-column)");
        };
    }

    private static String named(String column) {
        if (column.isBlank()) {
            throw new IllegalArgumentException("no column is named");
        }
        return column;
    }

    private static Fault.Segment segment(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is no segment (expected: COLUMN=VALUE)");
        }
        return new Fault.Segment(text.substring(0, equals), text.substring(equals + 1));
    }

    private static Change ofLabel(String text) {
        if (!text.startsWith(LABEL)) {
            throw new IllegalArgumentException("'" + text + "' (expected: such as label+10 or label*1.2)");
        }
        Change change = Change.parse(text.substring(LABEL.length()));
        if (change.deviations() != 0) {
            throw new IllegalArgumentException("'" + text + "' (expected: a change in units of the label, without sd)");
        }
        return change;
    }

    private static double share(String text) {
        var matcher = SHARE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no share (expected: such as 10%)");
        }
        return Double.parseDouble(matcher.group(1)) / 100;
    }

    /**
     * Refuses faults that the model or the rows do not have a place for.
     *
     * @param inputs the model's inputs, true for those that are numbers
     * @param columns of the rows
     * @param numericLabel whether outcomes are numbers
     */
    public static void check(
            List<Fault> faults, Map<String, Boolean> inputs, Set<String> columns, boolean numericLabel) {
        var wrong = new ArrayList<String>();
        for (Fault fault : faults) {
            String mistake = switch (fault) {
                case Fault.Shifted shifted -> input(shifted.name(), inputs, true);
                case Fault.Broken broken ->
                    broken.instead() == Fault.Instead.CONSTANT && !isNumber(broken.constant())
                            ? text(broken, inputs)
                            : input(broken.name(), inputs, false);
                case Fault.Moved moved -> moved(moved, columns, numericLabel);
                default -> "";
            };
            if (!mistake.isEmpty()) {
                wrong.add("fault " + fault.text() + ": " + mistake);
            }
        }
        refuse(wrong);
    }

    private static String text(Fault.Broken broken, Map<String, Boolean> inputs) {
        return Boolean.TRUE.equals(inputs.get(broken.name()))
                ? "'" + broken.constant() + "' is no number (expected: one, as " + broken.name() + " holds numbers)"
                : input(broken.name(), inputs, false);
    }

    private static boolean isNumber(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String input(String column, Map<String, Boolean> inputs, boolean number) {
        Boolean numeric = inputs.get(column);
        if (numeric == null) {
            return "the model has no input '" + column + "'"
                    + Yaml.nearest(column, inputs.keySet())
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("")
                    + " (it has: " + String.join(", ", inputs.keySet()) + ")";
        }
        return number && !numeric ? "'" + column + "' holds texts (expected: an input of numbers)" : "";
    }

    private static String moved(Fault.Moved moved, Set<String> columns, boolean numericLabel) {
        if (!numericLabel) {
            return "the outcomes are no numbers, so they cannot be changed by arithmetic";
        }
        return moved.column()
                .filter(column -> !columns.contains(column))
                .map(column -> "the rows have no column '" + column + "'"
                        + Yaml.nearest(column, columns)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""))
                .orElse("");
    }

    private static void refuse(List<String> wrong) {
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join("; ", wrong), "mw simulate --help tells how faults are written.");
        }
    }
}

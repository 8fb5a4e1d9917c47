package org.millwright.app.simulation;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Faults as SQL over the datasets that a project trains on, where the plan says in which column of which dataset an input
 * or the label is found. Within a month times decide when the plan says where the time is, else the whole month is touched.
 */
public final class TrainingFaults {
    private static final long FAR = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<Fault> faults;
    private final String label;
    private final String time;

    private record Place(String dataset, String column) {}

    /**
     * @param label the outcome's column
     * @param time the event time's column
     */
    public TrainingFaults(Plan plan, String label, String time) {
        this.faults = plan.faults();
        this.label = label;
        this.time = time;
        plan.trainingData().forEach((column, place) -> {
            int dot = place.indexOf('.');
            if (dot < 1 || dot == place.length() - 1) {
                throw new org.millwright.kernel.Problem.Invalid(
                        "training-data " + column + "=" + place + " (expected: COLUMN=DATASET.COLUMN)");
            }
            places.put(column, new Place(place.substring(0, dot), place.substring(dot + 1)));
        });
    }

    /** The datasets that faults of the month touch. */
    public Set<String> datasets(YearMonth month) {
        var datasets = new LinkedHashSet<String>();
        for (Fault fault : in(month)) {
            place(fault).ifPresent(place -> datasets.add(place.dataset()));
        }
        return datasets;
    }

    /** The faults of the month that training does not see, because the plan does not say where. */
    public List<Fault> unplaced(YearMonth month) {
        return in(month).stream()
                .filter(fault -> touched(fault).isPresent() && place(fault).isEmpty())
                .toList();
    }

    private List<Fault> in(YearMonth month) {
        long start = Stretch.begin(month.toString());
        long end = Stretch.end(month.toString());
        return faults.stream()
                .filter(fault -> fault.when().overlaps(start, end))
                .toList();
    }

    private Optional<String> touched(Fault fault) {
        return fault.movesOutcomes() ? Optional.of(label) : fault.column();
    }

    private Optional<Place> place(Fault fault) {
        return touched(fault).map(places::get);
    }

    /**
     * A script whose view {@code faulted} is the month's rows of {@code clean} with what the faults make of them.
     *
     * @param types of the dataset's columns, such as {@code BIGINT}
     */
    public String sql(String dataset, YearMonth month, Map<String, String> types) {
        Map<String, String> expressions = new LinkedHashMap<>();
        for (Fault fault : in(month)) {
            Optional<Place> place = place(fault).filter(found -> found.dataset().equals(dataset));
            if (place.isPresent() && types.containsKey(place.get().column())) {
                String column = place.get().column();
                String before = expressions.getOrDefault(column, name(column));
                String type = types.getOrDefault(column, "DOUBLE");
                expressions.put(
                        column,
                        "case when " + condition(fault, dataset) + " then " + cast(changed(fault, before, column), type)
                                + " else " + before + " end");
            }
        }
        var replaced = new ArrayList<String>();
        expressions.forEach((column, expression) -> replaced.add(expression + " as " + name(column)));
        return "create view faulted as\nselect *"
                + (replaced.isEmpty() ? "" : " replace (\n    " + String.join(",\n    ", replaced) + "\n)")
                + "\nfrom clean;\n";
    }

    private String condition(Fault fault, String dataset) {
        var all = new ArrayList<String>();
        Place at = places.get(time);
        if (at != null && at.dataset().equals(dataset)) {
            all.add(name(at.column()) + " >= " + timestamp(fault.when().from()));
            if (fault.when().to() < FAR) {
                all.add(name(at.column()) + " < " + timestamp(fault.when().to()));
            }
        }
        if (fault instanceof Fault.Moved moved) {
            moved.segment().ifPresent(segment -> {
                Place place = places.getOrDefault(segment.column(), new Place(dataset, segment.column()));
                all.add(name(place.column()) + "::varchar = '" + segment.value().replace("'", "''") + "'");
            });
        }
        return all.isEmpty() ? "true" : String.join(" and ", all);
    }

    private static String timestamp(long millis) {
        return "timestamp '"
                + Instant.ofEpochMilli(millis).toString().substring(0, 19).replace('T', ' ') + "'";
    }

    private static String changed(Fault fault, String before, String column) {
        return switch (fault) {
            case Fault.Shifted shifted -> arithmetic(shifted.change(), before, column);
            case Fault.Moved moved -> arithmetic(moved.change(), before, column);
            case Fault.Broken broken
            when broken.instead() == Fault.Instead.CONSTANT ->
                "'" + broken.constant().replace("'", "''") + "'";
            default -> "null";
        };
    }

    private static String arithmetic(Change change, String before, String column) {
        return String.format(
                Locale.ROOT,
                "(%s) * %s + %s%s",
                before,
                change.factor(),
                change.add(),
                change.deviations() == 0
                        ? ""
                        : " + " + change.deviations() + " * stddev_samp(" + name(column) + ") over ()");
    }

    private static String cast(String expression, String type) {
        boolean whole = type.toUpperCase(Locale.ROOT).matches("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?");
        boolean number = expression.startsWith("(");
        return "cast(" + (whole && number ? "round(" + expression + ")" : expression) + " as " + type + ")";
    }

    private static String name(String column) {
        return '"' + column.replace("\"", "\"\"") + '"';
    }
}

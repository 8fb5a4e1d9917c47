package org.millwright.registry.handoff;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Constraints;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Signature;

/** Finds the mildest constraints that exclude every edge row that blocks and, where possible, no recorded row. */
public final class Proposer {
    private static final int SHORT = 64;

    private final EdgeReport report;
    private final Signature signature;
    private final Frame recorded;

    public Proposer(EdgeReport report, Signature signature, Frame recorded) {
        this.report = report;
        this.signature = signature;
        this.recorded = recorded;
    }

    public Proposal propose() {
        var columns = new TreeMap<String, Constraints>();
        var blocking = new TreeMap<String, List<@Nullable Object>>();
        for (EdgeResult result : report.results()) {
            if (result.blocks() && result.row().changed().size() == 1) {
                note(blocking, result);
            }
        }
        exclude(blocking, columns);
        // A combination can differ where its single changes do not: its columns are narrowed by what was changed in
        // them.
        List<EdgeResult> rest = report.under(signature, columns).results().stream()
                .filter(EdgeResult::blocks)
                .toList();
        rest.forEach(result -> note(blocking, result));
        exclude(blocking, columns);
        columns.values().removeIf(Constraints::isNone);
        boolean resolves = report.under(signature, columns).blocking().isEmpty();
        return new Proposal(columns, resolves, refused(signature.narrowed(columns)));
    }

    private static void note(Map<String, List<@Nullable Object>> blocking, EdgeResult result) {
        result.row().changed().forEach((column, value) -> {
            if (!blocking.containsKey(column)) {
                blocking.put(column, new ArrayList<@Nullable Object>());
            }
            blocking.getOrDefault(column, List.of()).add(value);
        });
    }

    private void exclude(Map<String, List<@Nullable Object>> blocking, Map<String, Constraints> columns) {
        for (Map.Entry<String, List<@Nullable Object>> entry : blocking.entrySet()) {
            columns.put(entry.getKey(), exclude(entry.getKey(), entry.getValue()));
        }
    }

    private Constraints exclude(String column, List<@Nullable Object> values) {
        Constraints constraints = Constraints.NONE;
        var numbers = new ArrayList<Number>();
        boolean unseen = false;
        for (Object value : values) {
            if (value == null || value instanceof Double real && Double.isNaN(real)) {
                constraints = constraints.withNotNull();
            } else if (value instanceof Double real && Double.isInfinite(real)) {
                constraints = constraints.withFinite();
            } else if (value instanceof Number number) {
                numbers.add(number);
            } else if (value instanceof String text && text.isEmpty()) {
                constraints = constraints.withNotEmpty();
            } else if (value instanceof String text && text.length() > SHORT) {
                constraints = constraints.withMaxLength(Math.max(SHORT, longest(column)));
            } else {
                unseen = unseen || value instanceof String;
            }
        }
        return unseen ? known(column, constraints) : numbers(column, constraints, numbers);
    }

    /** Only the recorded values, when they can be listed. */
    private Constraints known(String column, Constraints constraints) {
        Set<String> known = new TreeSet<>();
        int position = recorded.position(column);
        for (int row = 0; row < recorded.rows() && known.size() <= Constraints.MOST_VALUES; row++) {
            if (recorded.value(position, row) instanceof String text) {
                known.add(text);
            }
        }
        return known.size() > Constraints.MOST_VALUES || known.isEmpty() ? constraints : constraints.withValues(known);
    }

    /** A range when what differs lies beyond all recorded values; 32-bit floats when what differs is lost in them. */
    private Constraints numbers(String column, Constraints constraints, List<Number> differing) {
        if (differing.isEmpty()) {
            return constraints;
        }
        Constraints float32 = constraints.withFloat32();
        Signature.Column narrow =
                signature.inputs().get(signature.position(column)).narrowed(float32);
        List<Number> exact = differing.stream().filter(narrow::admits).toList();
        double all = widest(column, differing);
        if (all >= largest(column)) {
            return constraints.withRange(-all, all);
        }
        double some = widest(column, exact);
        return exact.isEmpty() ? float32 : float32.withRange(-some, some);
    }

    /** The largest tried magnitude below every one that differs. */
    private double widest(String column, List<Number> differing) {
        double least = differing.stream()
                .mapToDouble(number -> Math.abs(number.doubleValue()))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
        return report.results().stream()
                .filter(result -> result.row().kind() != EdgeClass.SPLIT_THRESHOLD)
                .map(result -> result.row().changed().get(column))
                .filter(Number.class::isInstance)
                .mapToDouble(value -> Math.abs(((Number) value).doubleValue()))
                .filter(value -> value < least)
                .max()
                .orElse(0);
    }

    private double largest(String column) {
        double largest = 0;
        int position = recorded.position(column);
        for (int row = 0; row < recorded.rows(); row++) {
            if (recorded.value(position, row) instanceof Number number && Double.isFinite(number.doubleValue())) {
                largest = Math.max(largest, Math.abs(number.doubleValue()));
            }
        }
        return largest;
    }

    private int longest(String column) {
        int longest = 1;
        int position = recorded.position(column);
        for (int row = 0; row < recorded.rows(); row++) {
            longest = recorded.value(position, row) instanceof String text ? Math.max(longest, text.length()) : longest;
        }
        return longest;
    }

    private long refused(Signature narrowed) {
        var refused = new BitSet();
        for (Signature.Column column : narrowed.inputs()) {
            int position = recorded.position(column.name());
            for (int row = 0; row < recorded.rows(); row++) {
                if (!column.admits(recorded.value(position, row))) {
                    refused.set(row);
                }
            }
        }
        return refused.cardinality();
    }
}

package org.millwright.scoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A columnar batch: named columns of equal length. */
public final class Frame {
    /** Names that are looked through one by one; of more a map is made. */
    private static final int FEW = 16;

    private final int rows;
    private final List<String> names;
    private final List<DataType> types;
    private final List<Vector> columns;

    /** Made when first asked for; immutable, so that threads may make it twice. */
    private @Nullable Map<String, Integer> positions;

    /** Of columns that are known to have as many rows and names of their own each. */
    Frame(int rows, List<String> names, List<DataType> types, List<Vector> columns) {
        this.rows = rows;
        this.names = List.copyOf(names);
        this.types = List.copyOf(types);
        this.columns = List.copyOf(columns);
    }

    public int rows() {
        return rows;
    }

    public int width() {
        return columns.size();
    }

    public List<String> names() {
        return names;
    }

    public String name(int column) {
        return names.get(column);
    }

    public DataType type(int column) {
        return types.get(column);
    }

    public Vector column(int column) {
        return columns.get(column);
    }

    /** Position of that column, or -1. */
    public int position(String name) {
        if (names.size() <= FEW) {
            return names.indexOf(name);
        }
        Map<String, Integer> known = positions;
        if (known == null) {
            var places = new HashMap<String, Integer>();
            for (int i = 0; i < names.size(); i++) {
                places.putIfAbsent(names.get(i), i);
            }
            known = Map.copyOf(places);
            positions = known;
        }
        return known.getOrDefault(name, -1);
    }

    /** The column of that name; throws {@link InvalidInput} when there is none. */
    public Vector column(String name) {
        int position = position(name);
        if (position < 0) {
            throw InvalidInput.column(name, "is not in the frame");
        }
        return columns.get(position);
    }

    /** A numeric or boolean column as doubles, missing values as NaN. */
    public double[] doubles(int column) {
        Vector vector = columns.get(column);
        if (vector instanceof Vector.Doubles doubles) {
            return doubles.values();
        }
        double[] values = new double[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = number(vector, column, i);
        }
        return values;
    }

    /** A numeric or boolean column as doubles, missing values as NaN. */
    public double[] doubles(String name) {
        column(name);
        return doubles(position(name));
    }

    private double number(Vector vector, int column, int row) {
        if (vector.isNull(row)) {
            return Double.NaN;
        }
        if (vector instanceof Vector.Longs longs) {
            return longs.values()[row];
        }
        if (vector instanceof Vector.Booleans booleans) {
            return booleans.values()[row] ? 1 : 0;
        }
        throw InvalidInput.cell(names.get(column), row, "a number", vector.value(row));
    }

    /** The value as Double, Long, Boolean or String, or null when missing. */
    public @Nullable Object value(int column, int row) {
        return columns.get(column).value(row);
    }

    /** One row as name → value. */
    public Map<String, @Nullable Object> row(int row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int c = 0; c < columns.size(); c++) {
            values.put(names.get(c), value(c, row));
        }
        return values;
    }

    /** These columns in this order; throws {@link InvalidInput} for a name that is not in the frame. */
    public Frame select(List<String> chosen) {
        Builder selected = of(rows);
        for (String name : chosen) {
            Vector values = column(name);
            selected.column(name, types.get(position(name)), values);
        }
        return selected.build();
    }

    /** The rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Frame slice(int from, int to) {
        if (from == 0 && to == rows) {
            return this;
        }
        List<Vector> parts = new ArrayList<>(columns.size());
        for (Vector column : columns) {
            parts.add(Slices.slice(column, from, to));
        }
        return new Frame(to - from, names, types, parts);
    }

    /** These rows, in this order. */
    public Frame pick(int[] rows) {
        List<Vector> picked = new ArrayList<>(columns.size());
        for (Vector column : columns) {
            picked.add(Slices.pick(column, rows));
        }
        return new Frame(rows.length, names, types, picked);
    }

    /** The parts one below the other; all must have the first one's columns. */
    public static Frame concat(List<Frame> parts) {
        Frame first = parts.get(0);
        int rows = parts.stream().mapToInt(Frame::rows).sum();
        List<Vector> columns = new ArrayList<>(first.width());
        boolean aligned = parts.stream().allMatch(part -> part.names.equals(first.names));
        for (int c = 0; c < first.width(); c++) {
            Vector[] pieces = new Vector[parts.size()];
            for (int i = 0; i < pieces.length; i++) {
                Frame part = parts.get(i);
                pieces[i] = aligned ? part.columns.get(c) : part.column(first.name(c));
            }
            columns.add(Slices.join(pieces, rows));
        }
        return new Frame(rows, first.names, first.types, columns);
    }

    /** Starts a frame of that many rows from ready columns. */
    public static Builder of(int rows) {
        return new Builder(rows);
    }

    /** Reads rows of name → value strictly by the signature; throws {@link InvalidInput}. */
    public static Frame ofRows(Signature signature, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        FrameBuilder builder = new FrameBuilder(signature, rows.size());
        for (Map<String, ? extends @Nullable Object> row : rows) {
            builder.addRow(row);
        }
        return builder.build();
    }

    /** Collects ready columns. */
    public static final class Builder {
        private final int rows;
        private final List<String> names = new ArrayList<>();
        private final List<DataType> types = new ArrayList<>();
        private final List<Vector> columns = new ArrayList<>();
        private final Map<String, Integer> seen = new HashMap<>();

        private Builder(int rows) {
            if (rows < 0) {
                throw InvalidInput.of("a frame cannot have " + rows + " rows");
            }
            this.rows = rows;
        }

        public Builder doubles(String name, double[] values) {
            return column(name, DataType.DOUBLE, new Vector.Doubles(values));
        }

        public Builder longs(String name, long[] values) {
            return column(name, DataType.LONG, new Vector.Longs(values));
        }

        public Builder booleans(String name, boolean[] values) {
            return column(name, DataType.BOOLEAN, new Vector.Booleans(values));
        }

        public Builder strings(String name, @Nullable String[] values) {
            return column(name, DataType.STRING, new Vector.Strings(values));
        }

        public Builder column(String name, DataType type, Vector values) {
            if (values.size() != rows) {
                throw InvalidInput.column(name, "has " + values.size() + " values, expected " + rows);
            }
            if (seen.putIfAbsent(name, names.size()) != null) {
                throw InvalidInput.column(name, "occurs twice");
            }
            names.add(name);
            types.add(type);
            columns.add(values);
            return this;
        }

        public Frame build() {
            return new Frame(rows, names, types, columns);
        }
    }
}

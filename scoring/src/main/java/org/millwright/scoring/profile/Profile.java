package org.millwright.scoring.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.millwright.scoring.Frame;

/** What is known of a batch, a window or a training set without its rows. Mutable; one thread at a time. */
public final class Profile {
    /** Bins of a reference: ten, split at its deciles. */
    public static final int BINS = 10;

    private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();

    public Profile(List<ColumnProfile> columns) {
        for (ColumnProfile column : columns) {
            if (this.columns.putIfAbsent(column.name(), column) != null) {
                throw new IllegalArgumentException("column '" + column.name() + "' occurs twice in a profile");
            }
        }
    }

    /** The profile of a reference, whose deciles become the frozen bins of everything compared with it. */
    public static Profile reference(Frame frame) {
        return new Profile(IntStream.range(0, frame.width())
                .parallel()
                .mapToObj(i -> reference(frame, i))
                .toList());
    }

    private static ColumnProfile reference(Frame frame, int i) {
        ColumnProfile column = frame.type(i).isNumeric()
                ? new NumericProfile(frame.name(i), Quantiles.edges(frame.doubles(i), BINS))
                : new CategoryProfile(frame.name(i));
        column.update(frame.column(i));
        return column;
    }

    /** An empty profile of the same columns with the same frozen bins. */
    public Profile like() {
        return new Profile(columns.values().stream().map(ColumnProfile::like).toList());
    }

    /** Adds the rows of a frame; columns that the profile does not have are left out, absent ones count nothing. */
    public void update(Frame frame) {
        for (int i = 0; i < frame.width(); i++) {
            ColumnProfile column = columns.get(frame.name(i));
            if (column != null) {
                column.update(frame.column(i));
            }
        }
    }

    /** Adds what another profile of the same columns knows. */
    public void merge(Profile other) {
        if (!columns.keySet().equals(other.columns.keySet())) {
            throw new IllegalArgumentException(
                    "profiles differ in columns: " + columns.keySet() + " and " + other.columns.keySet());
        }
        for (ColumnProfile theirs : other.columns.values()) {
            column(theirs.name()).ifPresent(ours -> ours.merge(theirs));
        }
    }

    public List<ColumnProfile> columns() {
        return List.copyOf(columns.values());
    }

    public Optional<ColumnProfile> column(String name) {
        return Optional.ofNullable(columns.get(name));
    }

    /** Rows seen by the column that saw most. */
    public long rows() {
        return columns.values().stream().mapToLong(ColumnProfile::rows).max().orElse(0);
    }

    /** The profile as compact JSON, sketches in base64; {@link #fromJson} reads it back. */
    public String toJson() {
        return ProfileJson.write(this);
    }

    /** Reads what {@link #toJson} wrote; throws IllegalArgumentException for anything else. */
    public static Profile fromJson(String json) {
        return ProfileJson.read(json);
    }
}

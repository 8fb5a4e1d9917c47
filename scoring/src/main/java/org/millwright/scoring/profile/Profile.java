package org.millwright.scoring.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.millwright.scoring.Frame;

/** What is known of a batch, a window or a training set without its rows. Mutable; one thread at a time. */
public final class Profile {
    /** Bins of a reference: ten, split at its deciles. */
    public static final int BINS = 10;

    /** Before the names of what is derived of each row; a beginning that no feature has. */
    private static final String DERIVED = "→→ ";

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

    /**
     * An empty profile for rows that are to be merged into this one. It is as exact as this one in the end, and costs less
     * than {@link #like}, but by itself it would say less about few rows.
     */
    public Profile part() {
        return new Profile(columns.values().stream().map(ColumnProfile::part).toList());
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

    /** Adds what another profile of the same columns knows; derived columns may be on one side only. */
    public void merge(Profile other) {
        if (!own(columns.keySet()).equals(own(other.columns.keySet()))) {
            throw new IllegalArgumentException(
                    "profiles differ in columns: " + columns.keySet() + " and " + other.columns.keySet());
        }
        for (ColumnProfile theirs : other.columns.values()) {
            columns.computeIfAbsent(theirs.name(), name -> theirs.like()).merge(theirs);
        }
    }

    private static Set<String> own(Set<String> names) {
        return names.stream().filter(name -> !name.startsWith(DERIVED)).collect(Collectors.toSet());
    }

    public List<ColumnProfile> columns() {
        return List.copyOf(columns.values());
    }

    /** A column of numbers that were derived of each row, made when it is not there yet. */
    public NumericProfile derived(String name) {
        ColumnProfile column =
                columns.computeIfAbsent(DERIVED + name, known -> new NumericProfile(known, new double[0]));
        if (column instanceof NumericProfile numbers) {
            return numbers;
        }
        throw new IllegalArgumentException("column '" + column.name() + "' does not hold numbers");
    }

    /** A column of texts that were derived of each row, made when it is not there yet. */
    public CategoryProfile derivedTexts(String name) {
        ColumnProfile column = columns.computeIfAbsent(DERIVED + name, CategoryProfile::new);
        if (column instanceof CategoryProfile texts) {
            return texts;
        }
        throw new IllegalArgumentException("column '" + column.name() + "' does not hold texts");
    }

    /** The name that a derived column has among the others. */
    public static String derivedName(String name) {
        return DERIVED + name;
    }

    /** Whether the column was derived of rows and is none of them. */
    public static boolean isDerived(String column) {
        return column.startsWith(DERIVED);
    }

    public Optional<ColumnProfile> column(String name) {
        return Optional.ofNullable(columns.get(name));
    }

    /** Rows seen by the column that saw most. */
    public long rows() {
        return columns.values().stream()
                .filter(column -> !isDerived(column.name()))
                .mapToLong(ColumnProfile::rows)
                .max()
                .orElse(0);
    }

    /** The profile as compact JSON, sketches in base64; {@link #fromJson} reads it back. */
    public String toJson() {
        return ProfileJson.write(this);
    }

    /** Reads what {@link #toJson} wrote; throws IllegalArgumentException for anything else. */
    public static Profile fromJson(String json) {
        return ProfileReader.read(json);
    }
}

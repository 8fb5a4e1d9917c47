package org.millwright.scoring.profile;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Vector;

/** The profile of a categorical column: exact counts up to 1,000 values, afterwards of the frequent ones only. */
public final class CategoryProfile implements ColumnProfile {
    private static final int LONGEST = 200;

    private final String name;
    /** Null when it was not stored, as every category is counted. */
    private @Nullable Distinct distinct;

    final Frequent frequent;
    long nulls;
    long present;

    public CategoryProfile(String name) {
        this(name, new Distinct(), new Frequent());
    }

    /** @param distinct null when every category is counted */
    CategoryProfile(String name, @Nullable Distinct distinct, Frequent frequent) {
        this.name = name;
        this.distinct = distinct;
        this.frequent = frequent;
    }

    /** Counts one value; texts above 200 characters are counted by their beginning and hash. */
    public void add(String value) {
        add(value, 1);
    }

    /** To be asked for before categories are added, which may drop counted ones. */
    Distinct known() {
        Distinct known = distinct;
        if (known == null) {
            known = new Distinct();
            for (String key : frequent.tally().keys()) {
                known.add(key);
            }
            distinct = known;
        }
        return known;
    }

    /** Counts a value that occurred so many times. */
    void add(String value, long count) {
        add(value, count, known());
    }

    private void add(String value, long count, Distinct distinct) {
        String key = key(value);
        present += count;
        if (frequent.add(key, count)) {
            distinct.add(key);
        }
    }

    /** What a text is counted by. */
    public static String key(String value) {
        return value.length() <= LONGEST
                ? value
                : value.substring(0, LONGEST) + "…#" + Integer.toHexString(value.hashCode());
    }

    public void addNull() {
        nulls++;
    }

    @Override
    public void update(Vector column) {
        Distinct distinct = known();
        if (column instanceof Vector.Strings strings) {
            for (String value : strings.values()) {
                if (value == null) {
                    nulls++;
                } else {
                    add(value, 1, distinct);
                }
            }
            return;
        }
        for (int i = 0; i < column.size(); i++) {
            Object value = column.value(i);
            if (value == null) {
                nulls++;
            } else {
                add(text(value), 1, distinct);
            }
        }
    }

    /** Numbers that are whole are named alike, whether they are held as whole numbers or as reals. */
    public static String text(Object value) {
        boolean whole = value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1L << 53;
        return whole ? Long.toString(((Double) value).longValue()) : key(value.toString());
    }

    @Override
    public void merge(ColumnProfile other) {
        if (!(other instanceof CategoryProfile that)) {
            throw new IllegalArgumentException("profiles of column '" + name + "' differ in kind");
        }
        nulls += that.nulls;
        present += that.present;
        known().merge(that.known());
        frequent.merge(that.frequent);
    }

    @Override
    public CategoryProfile like() {
        return new CategoryProfile(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long rows() {
        return present + nulls;
    }

    @Override
    public long missing() {
        return nulls;
    }

    /** Whether {@link #counts} has every value with its true count. */
    public boolean isExact() {
        return frequent.error() == 0;
    }

    @Override
    public double distinct() {
        return isExact() ? frequent.size() : known().estimate();
    }

    /** Counts by value, sorted by value; when not exact, of frequent values only and possibly too low. */
    public Map<String, Long> counts() {
        return frequent.counts();
    }
}

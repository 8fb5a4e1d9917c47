package org.millwright.scoring.profile;

import java.util.Map;
import org.millwright.scoring.Vector;

/** The profile of a categorical column: exact counts up to 1,000 values, afterwards of the frequent ones only. */
public final class CategoryProfile implements ColumnProfile {
    private static final int LONGEST = 200;

    private final String name;
    final Distinct distinct;
    final Frequent frequent;
    long nulls;
    long present;

    public CategoryProfile(String name) {
        this(name, new Distinct(), new Frequent());
    }

    CategoryProfile(String name, Distinct distinct, Frequent frequent) {
        this.name = name;
        this.distinct = distinct;
        this.frequent = frequent;
    }

    /** Counts one value; texts above 200 characters are counted by their beginning and hash. */
    public void add(String value) {
        add(value, 1);
    }

    /** Counts a value that occurred so many times. */
    void add(String value, long count) {
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
        if (column instanceof Vector.Strings strings) {
            for (String value : strings.values()) {
                if (value == null) {
                    nulls++;
                } else {
                    add(value);
                }
            }
            return;
        }
        for (int i = 0; i < column.size(); i++) {
            Object value = column.value(i);
            if (value == null) {
                nulls++;
            } else {
                add(text(value));
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
        distinct.merge(that.distinct);
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
        return isExact() ? frequent.counts().size() : distinct.estimate();
    }

    /** Counts by value, sorted by value; when not exact, of frequent values only and possibly too low. */
    public Map<String, Long> counts() {
        return frequent.counts();
    }
}

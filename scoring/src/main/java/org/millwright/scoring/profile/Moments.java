package org.millwright.scoring.profile;

/** Count, mean, variance and range of a stream, mergeable. */
final class Moments {
    long n;
    double mean;
    double m2;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;

    /** Adds a value that occurred so many times. */
    void add(double value, long count) {
        merge(count, value, 0, value, value);
    }

    /** Adds values {@code from} to before {@code to}: their own mean first, which is exact and quick. */
    void add(double[] values, int from, int to) {
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            double value = values[i];
            sum += value;
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double center = sum / (to - from);
        double squares = 0;
        for (int i = from; i < to; i++) {
            double off = values[i] - center;
            squares += off * off;
        }
        merge(to - from, center, squares, least, most);
    }

    void merge(Moments other) {
        merge(other.n, other.mean, other.m2, other.min, other.max);
    }

    private void merge(long count, double center, double squares, double least, double most) {
        if (count == 0) {
            return;
        }
        double total = (double) n + count;
        double delta = center - mean;
        mean += delta * count / total;
        m2 += squares + delta * delta * n * count / total;
        n += count;
        min = Math.min(min, least);
        max = Math.max(max, most);
    }
}

package org.millwright.scoring.profile;

/** Count, mean, variance and range of a stream, mergeable. */
final class Moments {
    long n;
    double mean;
    double m2;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;

    void add(double value) {
        n++;
        double delta = value - mean;
        mean += delta / n;
        m2 += delta * (value - mean);
        min = Math.min(min, value);
        max = Math.max(max, value);
    }

    void merge(Moments other) {
        if (other.n == 0) {
            return;
        }
        double total = (double) n + other.n;
        double delta = other.mean - mean;
        mean += delta * other.n / total;
        m2 += other.m2 + delta * delta * n * other.n / total;
        n += other.n;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }
}

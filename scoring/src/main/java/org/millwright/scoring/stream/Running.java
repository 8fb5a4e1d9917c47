package org.millwright.scoring.stream;

/** A mean of values that come one by one. */
final class Running {
    long n;
    double mean;

    Running() {}

    Running(Running other) {
        this.n = other.n;
        this.mean = other.mean;
    }

    void add(double value) {
        n++;
        mean += (value - mean) / n;
    }
}

package org.millwright.bench;

/** One thing that can be measured here. */
interface Measurement {
    void run(Report report);
}

package org.millwright.dataset;

/**
 * That a version of a dataset came in and was accepted.
 *
 * @param createdAt milliseconds since the epoch
 */
public record Arrival(String dataset, String period, int number, long createdAt) {
    /** The asset reference, such as {@code dataset:flights@2013-01/1}. */
    public String ref() {
        return "dataset:" + dataset + "@" + period + "/" + number;
    }
}

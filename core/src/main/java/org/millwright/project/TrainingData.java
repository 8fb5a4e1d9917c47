package org.millwright.project;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rows a retraining learns from: those from a day on, and of the older ones as many as are replayed.
 *
 * @param replay {@code all}, a share such as {@code 0.2}, or a number of rows; {@code 0} for none
 */
public record TrainingData(Begin begin, String replay) {
    /** The pipeline's parameters that say so: a date, and the text of what is replayed. */
    public static final String SINCE = "since";

    public static final String REPLAY = "replay";
    static final String ALL = "all";
    static final String NONE = "0";

    /** From where on rows are new. */
    public sealed interface Begin {
        record Day(LocalDate day) implements Begin {}

        /** The end of the rows that the version in production learnt from. */
        record LastTraining() implements Begin {}

        /** So long before the end of the data. */
        record Window(Duration length) implements Begin {}
    }

    /**
     * Values by parameter; empty when the day cannot be told, so that the pipeline's own defaults apply.
     *
     * @param dataEnd event time up to which there is data, milliseconds since the epoch; 0 when unknown
     * @param trained end of the rows that the version in production learnt from; 0 when unknown
     */
    public Map<String, String> parameters(long dataEnd, long trained) {
        var parameters = new TreeMap<String, String>();
        LocalDate day = switch (begin) {
            case Begin.Day fixed -> fixed.day();
            case Begin.LastTraining last -> trained == 0 ? null : day(trained);
            case Begin.Window window ->
                dataEnd == 0 ? null : day(dataEnd - window.length().toMillis());
        };
        if (day != null) {
            parameters.put(SINCE, day.toString());
            parameters.put(REPLAY, replay);
        }
        return parameters;
    }

    private static LocalDate day(long millis) {
        return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** For people: {@code rows since 2013-04-04, and 0.2 of older ones}. */
    public static String text(Map<String, String> parameters) {
        String since = parameters.getOrDefault(SINCE, "");
        String replay = parameters.getOrDefault(REPLAY, NONE);
        return since.isEmpty()
                ? "all rows"
                : "rows since " + since + (replay.equals(NONE) ? "" : ", and " + replay + " of older ones");
    }
}

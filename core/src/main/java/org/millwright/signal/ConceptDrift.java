package org.millwright.signal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.scoring.stream.Adwin;
import org.millwright.scoring.stream.Detector;
import org.millwright.scoring.stream.PageHinkley;

/**
 * Looks in a stream of errors, in the order of event time, for the moment from which they are larger. Errors are scaled so
 * that the greatest of the first {@link #WARM} but one in a hundred is 1, and are taken as 1 beyond: so the detectors' own
 * settings apply to any unit. That errors became smaller is no finding. Mutable; one use for one stream.
 */
public final class ConceptDrift {
    /** Errors that set the scale; before there are as many nothing is said. */
    public static final int WARM = 200;

    private static final double GREATEST = 0.99;
    private static final int RECENT = 50;

    private final double[] first = new double[WARM];
    private final double[] recent = new double[RECENT];
    private final long[] firstTimes = new long[WARM];
    private final List<Watcher> watchers =
            List.of(new Watcher("adwin", new Adwin()), new Watcher("page-hinkley", pageHinkley()));
    private final List<Detection> detections = new ArrayList<>();
    private double scale;
    private long count;

    /**
     * A rise of the errors.
     *
     * @param detector {@code adwin} or {@code page-hinkley}
     * @param at event time of the error at which it was seen
     * @param row number of that error in the stream, from 1
     * @param before mean error since the stream's beginning or the detector's last finding, without the latest
     * @param after mean of the latest errors, at most 50
     */
    public record Detection(String detector, long at, long row, double before, double after) {}

    /** A detector with the errors that it has seen since it began anew. */
    private static final class Watcher {
        final String name;
        final Detector detector;
        double sum;
        long n;

        Watcher(String name, Detector detector) {
            this.name = name;
            this.detector = detector;
        }
    }

    /** With its usual tolerance of 0.005 every seventh stream of 10,000 wrong and right classes is a false alarm. */
    private static PageHinkley pageHinkley() {
        return new PageHinkley(30, 0.02, 50, 1 - 0.0001);
    }

    /** Takes the next error: an absolute one, or 1 for a wrong class and 0 for a right one. */
    public void take(long time, double error) {
        if (!Double.isFinite(error)) {
            return;
        }
        if (count < WARM) {
            first[(int) count] = error;
            firstTimes[(int) count] = time;
            count++;
            if (count == WARM) {
                scale = scale(first);
                for (int i = 0; i < WARM; i++) {
                    watch(firstTimes[i], first[i], i + 1L);
                }
            }
            return;
        }
        count++;
        watch(time, error, count);
    }

    private static double scale(double[] errors) {
        double[] sorted = errors.clone();
        Arrays.sort(sorted);
        double greatest = sorted[(int) (GREATEST * (sorted.length - 1))];
        return greatest > 0 ? greatest : 1;
    }

    private void watch(long time, double error, long row) {
        recent[(int) ((row - 1) % RECENT)] = error;
        for (Watcher watcher : watchers) {
            watcher.sum += error;
            watcher.n++;
            if (watcher.detector.update(Math.min(1, error / scale)) == Detector.State.DRIFT) {
                found(watcher, time, row);
                watcher.sum = 0;
                watcher.n = 0;
            }
        }
    }

    private void found(Watcher watcher, long time, long row) {
        int latest = (int) Math.min(RECENT, watcher.n / 2);
        double sum = 0;
        for (int i = 0; i < latest; i++) {
            sum += recent[(int) ((row - 1 - i) % RECENT)];
        }
        double after = latest == 0 ? Double.NaN : sum / latest;
        double before = (watcher.sum - sum) / (watcher.n - latest);
        if (after > before) {
            detections.add(new Detection(watcher.name, time, row, before, after));
        }
    }

    /** The first finding of each detector at event times {@code from} to before {@code to}. */
    public Map<String, Detection> firsts(long from, long to) {
        Map<String, Detection> firsts = new TreeMap<>();
        detections.stream()
                .filter(found -> found.at() >= from && found.at() < to)
                .forEach(found -> firsts.putIfAbsent(found.detector(), found));
        return firsts;
    }
}

package org.millwright.tracking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Thins points that come one after the other, without knowing how many will come.
 *
 * <p>It keeps stretches of equally many points. When there are too many stretches, neighbours are joined and stretches are
 * twice as long from then on.
 */
final class CurveSampler {
    private final int most;
    private final ArrayList<Stretch> stretches = new ArrayList<>();
    private long length = 1;
    private long seen;

    /** @param most stretches that are kept */
    CurveSampler(int most) {
        this.most = Math.max(2, most);
    }

    private record Seen(long nth, Curve.Point point) {}

    /** What is kept of a stretch. */
    private static final class Stretch {
        final Seen first;
        Seen last;
        Seen low;
        Seen high;

        Stretch(Seen only) {
            first = only;
            last = only;
            low = only;
            high = only;
        }

        void add(Seen next) {
            last = next;
            take(next);
        }

        void join(Stretch next) {
            last = next.last;
            take(next.low);
            take(next.high);
        }

        private void take(Seen next) {
            if (next.point.value() < low.point.value()) {
                low = next;
            }
            if (next.point.value() > high.point.value()) {
                high = next;
            }
        }

        Stream<Curve.Point> points() {
            return Stream.of(first, low, high, last)
                    .distinct()
                    .sorted(Comparator.comparingLong(Seen::nth))
                    .map(Seen::point);
        }
    }

    void add(Curve.Point point) {
        var next = new Seen(seen, point);
        if (seen % length == 0) {
            if (stretches.size() == most) {
                halve();
            }
            if (seen % length == 0) {
                stretches.add(new Stretch(next));
            } else {
                stretches.getLast().add(next);
            }
        } else {
            stretches.getLast().add(next);
        }
        seen++;
    }

    private void halve() {
        var joined = new ArrayList<Stretch>(most);
        for (int i = 0; i < stretches.size(); i += 2) {
            Stretch stretch = stretches.get(i);
            if (i + 1 < stretches.size()) {
                stretch.join(stretches.get(i + 1));
            }
            joined.add(stretch);
        }
        stretches.clear();
        stretches.addAll(joined);
        length *= 2;
    }

    long count() {
        return seen;
    }

    List<Curve.Point> points() {
        return stretches.stream().flatMap(Stretch::points).toList();
    }

    /** An end of all values seen. */
    Curve.@Nullable Point extreme(boolean highest) {
        Curve.@Nullable Point found = null;
        for (Stretch stretch : stretches) {
            Curve.Point point = (highest ? stretch.high : stretch.low).point;
            if (found == null || (highest ? point.value() > found.value() : point.value() < found.value())) {
                found = point;
            }
        }
        return found;
    }
}

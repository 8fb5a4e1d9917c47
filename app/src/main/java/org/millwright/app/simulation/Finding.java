package org.millwright.app.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * What became of one injected fault.
 *
 * @param note the first sign that is shown and alarms nobody: its column moved, or requests were refused
 * @param atRisk the first verdict at risk or broken that the fault explains
 * @param alert the first alert that the fault explains
 * @param column whether the fault's column was the one that moved most when it was first noted; empty when that says nothing
 * @param uncertain there was no control, so the alert may have come without the fault
 * @param masked an alert came that the control had, too: it says nothing about the fault
 */
public record Finding(
        Fault fault,
        Optional<Sign> note,
        Optional<Sign> atRisk,
        Optional<Sign> alert,
        Optional<Boolean> column,
        boolean uncertain,
        boolean masked) {
    /** How much further than in the control a column must have moved for the fault to be the reason. */
    private static final double FURTHER = 1.5;

    /**
     * Something that was seen.
     *
     * @param delay event time from the fault's begin, in milliseconds
     * @param rows answered from the fault's begin
     */
    public record Sign(String what, String window, Observed.Seen seen, long delay, long rows) {
        /** {@code 14 d}. */
        public String days() {
            double days = delay / 86_400_000.0;
            return days >= 10 || days == Math.rint(days)
                    ? Math.round(days) + " d"
                    : String.format(java.util.Locale.ROOT, "%.1f d", days);
        }
    }

    /** Whether the agreement would have caught it: somebody was told. */
    public boolean isCaught() {
        return alert.isPresent();
    }

    /**
     * What was found of each fault.
     *
     * @param control the same replay without faults
     * @param begun rows that were answered before an event time
     */
    public static List<Finding> of(
            List<Fault> faults, Observed observed, Optional<Observed> control, LongUnaryOperator begun) {
        return faults.stream().map(fault -> of(fault, observed, control, begun)).toList();
    }

    private static Finding of(Fault fault, Observed observed, Optional<Observed> control, LongUnaryOperator begun) {
        var search = new Search(
                fault, observed, control, begun.applyAsLong(fault.when().from()));
        Optional<Observed.Note> moved = search.moved();
        Optional<Sign> alert = earlier(search.raised(), search.underAnother());
        return new Finding(
                fault,
                earlier(search.refused(), moved.map(search::sign)),
                search.atRisk(),
                alert,
                moved.map(note -> note.rank() == 1),
                control.isEmpty(),
                alert.isEmpty() && observed.alerts().stream().anyMatch(raised -> touches(fault, raised.window())));
    }

    /** Looks for signs of a fault that the control does not have. */
    private record Search(Fault fault, Observed observed, Optional<Observed> control, long before) {
        Optional<Observed.Note> moved() {
            return observed.notes().stream()
                    .filter(note -> fault.column().equals(Optional.of(note.column())))
                    .filter(note -> touches(fault, note.window()) && !without(control, note))
                    .min(Comparator.comparingLong(note -> note.seen().at()));
        }

        Sign sign(Observed.Note note) {
            return sign(
                    note.column() + " moved: " + figure(note.method(), note.value()),
                    note.window().window(),
                    note.seen());
        }

        Optional<Sign> refused() {
            return observed.refusals().stream()
                    .filter(refusal -> fault instanceof Fault.Broken || fault instanceof Fault.Shifted)
                    .filter(refusal -> refusal.seen().at() >= fault.when().from())
                    .findFirst()
                    .map(refusal -> sign("requests refused: " + refusal.words(), "", refusal.seen()));
        }

        private Stream<Observed.Judged> judged() {
            return observed.judged().stream()
                    .filter(one ->
                            one.verdict().equals("at-risk") || one.verdict().equals("broken"))
                    .filter(one -> touches(fault, one.window()) && !without(control, one))
                    .sorted(Comparator.comparingLong(one -> one.seen().at()));
        }

        Optional<Sign> atRisk() {
            return judged().findFirst()
                    .map(one -> sign(
                            one.clause() + " " + one.verdict() + ": " + figure(one.method(), one.value()),
                            one.window().window(),
                            one.seen()));
        }

        Optional<Sign> raised() {
            return observed.alerts().stream()
                    .filter(raised -> touches(fault, raised.window()) && !without(control, raised))
                    .min(Comparator.comparingLong(raised -> raised.seen().at()))
                    .map(raised -> sign(
                            told(raised.clause(), raised.method(), raised.value(), raised.threshold()),
                            raised.window().window(),
                            raised.seen()));
        }

        /** A broken window under an alert that was open already raises no second one, but asks to train again. */
        Optional<Sign> underAnother() {
            return judged().filter(one -> one.verdict().equals("broken"))
                    .flatMap(one -> observed.alerts().stream()
                            .filter(open -> open.clause().equals(one.clause())
                                    && open.window().start() < one.window().start()
                                    && open.isOpen(one.seen().at()))
                            .map(open -> sign(
                                    told(one.clause(), one.method(), one.value(), one.threshold())
                                            + ", under the alert open since "
                                            + Stretch.day(open.seen().at()),
                                    one.window().window(),
                                    one.seen())))
                    .findFirst();
        }

        private static String told(String clause, String method, double value, double threshold) {
            return clause + ": " + figure(method, value) + " (agreed: " + figure("", threshold) + ")";
        }

        private Sign sign(String what, String window, Observed.Seen seen) {
            return new Sign(what, window, seen, seen.at() - fault.when().from(), Math.max(0, seen.rows() - before));
        }
    }

    private static Optional<Sign> earlier(Optional<Sign> a, Optional<Sign> b) {
        return a.isPresent() && b.isPresent()
                ? (a.get().seen().at() <= b.get().seen().at() ? a : b)
                : a.or(() -> b);
    }

    private static String figure(String method, double value) {
        return (method + " " + Figures.short4(value)).strip();
    }

    static boolean touches(Fault fault, Losses.Span window) {
        return fault.when().overlaps(window.start(), window.end());
    }

    /** The column moved without the fault as well, about as far: a season, say. */
    private static boolean without(Optional<Observed> control, Observed.Note note) {
        return control.stream()
                .flatMap(run -> run.notes().stream())
                .anyMatch(other -> other.column().equals(note.column())
                        && other.window().start() == note.window().start()
                        && note.value() < FURTHER * other.value());
    }

    /** The same clause was not kept in the same window without faults, by the same verdict or a worse one. */
    private static boolean without(Optional<Observed> control, Observed.Judged judged) {
        return control.stream()
                .flatMap(run -> run.judged().stream())
                .anyMatch(other -> other.clause().equals(judged.clause())
                        && other.window().start() == judged.window().start()
                        && (other.verdict().equals("broken") || other.verdict().equals(judged.verdict())));
    }

    private static boolean without(Optional<Observed> control, Observed.Raised raised) {
        return control.stream()
                .flatMap(run -> run.alerts().stream())
                .anyMatch(other -> other.clause().equals(raised.clause())
                        && other.window().start() == raised.window().start());
    }
}

package org.millwright.app.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What became of one injected fault.
 *
 * @param note the first sign that is shown and alarms nobody: its column moved, or requests were refused
 * @param atRisk the first verdict at risk or broken that the fault explains
 * @param alert the first alert that the fault explains
 * @param column whether the fault's column was the one that moved most when it was first noted; empty when that says nothing
 * @param uncertain there was no control, so the alert may have come without the fault
 */
public record Finding(
        Fault fault,
        Optional<Sign> note,
        Optional<Sign> atRisk,
        Optional<Sign> alert,
        Optional<Boolean> column,
        boolean uncertain) {

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
            List<Fault> faults,
            Observed observed,
            Optional<Observed> control,
            java.util.function.LongUnaryOperator begun) {
        return faults.stream().map(fault -> of(fault, observed, control, begun)).toList();
    }

    private static Finding of(
            Fault fault, Observed observed, Optional<Observed> control, java.util.function.LongUnaryOperator begun) {
        long from = fault.when().from();
        long before = begun.applyAsLong(from);
        Optional<Observed.Note> moved = observed.notes().stream()
                .filter(note -> fault.column().equals(Optional.of(note.column())))
                .filter(note -> touches(fault, note.window()) && !without(control, note))
                .min(Comparator.comparingLong(note -> note.seen().at()));
        Optional<Sign> refused = observed.refusals().stream()
                .filter(refusal -> fault instanceof Fault.Broken || fault instanceof Fault.Shifted)
                .filter(refusal -> refusal.seen().at() >= from)
                .findFirst()
                .map(refusal -> sign(fault, before, "requests refused: " + refusal.words(), "", refusal.seen()));
        Optional<Sign> noted = moved.map(note -> sign(
                fault,
                before,
                note.column() + " moved: " + figure(note.method(), note.value()),
                note.window().window(),
                note.seen()));
        Optional<Sign> atRisk = observed.judged().stream()
                .filter(one -> one.verdict().equals("at-risk") || one.verdict().equals("broken"))
                .filter(one -> touches(fault, one.window()) && !without(control, one))
                .min(Comparator.comparingLong(one -> one.seen().at()))
                .map(one -> sign(
                        fault,
                        before,
                        one.clause() + " " + one.verdict() + ": " + figure(one.method(), one.value()),
                        one.window().window(),
                        one.seen()));
        Optional<Sign> alert = observed.alerts().stream()
                .filter(raised -> touches(fault, raised.window()) && !without(control, raised))
                .min(Comparator.comparingLong(raised -> raised.seen().at()))
                .map(raised -> sign(
                        fault,
                        before,
                        raised.clause() + ": " + figure(raised.method(), raised.value()) + " (agreed: "
                                + figure("", raised.threshold()).strip() + ")",
                        raised.window().window(),
                        raised.seen()));
        return new Finding(
                fault, earlier(refused, noted), atRisk, alert, moved.map(note -> note.rank() == 1), control.isEmpty());
    }

    private static Optional<Sign> earlier(Optional<Sign> a, Optional<Sign> b) {
        return a.isPresent() && b.isPresent()
                ? (a.get().seen().at() <= b.get().seen().at() ? a : b)
                : a.or(() -> b);
    }

    private static Sign sign(Fault fault, long before, String what, String window, Observed.Seen seen) {
        return new Sign(what, window, seen, seen.at() - fault.when().from(), Math.max(0, seen.rows() - before));
    }

    private static String figure(String method, double value) {
        return (method + " " + Figures.short4(value)).strip();
    }

    static boolean touches(Fault fault, Losses.Span window) {
        return fault.when().overlaps(window.start(), window.end());
    }

    private static boolean without(Optional<Observed> control, Observed.Note note) {
        return control.stream()
                .flatMap(run -> run.notes().stream())
                .anyMatch(other -> other.column().equals(note.column())
                        && other.window().start() == note.window().start());
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

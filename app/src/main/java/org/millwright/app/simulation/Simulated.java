package org.millwright.app.simulation;

import java.util.List;
import java.util.Optional;

/**
 * A simulation that has ended.
 *
 * @param name of the deployment
 * @param unit of the label; may be empty
 * @param observed with the faults
 * @param control the same replay without them
 */
public record Simulated(
        String name,
        String from,
        String to,
        String labelDelay,
        String unit,
        Observed observed,
        Optional<Observed> control,
        List<Finding> findings) {
    public Simulated {
        findings = List.copyOf(findings);
    }

    /** An alert without a fault that explains it. */
    public record Unexplained(Observed.Raised alert, boolean inControl) {
        /** False: nothing was lost that would explain it. */
        public boolean isFalse() {
            return !alert.confirmed();
        }
    }

    /** Alerts that no fault explains: of the control, and of windows that no fault touches. */
    public List<Unexplained> unexplained() {
        if (control.isPresent()) {
            return control.get().alerts().stream()
                    .map(alert -> new Unexplained(alert, true))
                    .toList();
        }
        return observed.alerts().stream()
                .filter(alert -> findings.stream().noneMatch(f -> Finding.touches(f.fault(), alert.window())))
                .map(alert -> new Unexplained(alert, false))
                .toList();
    }

    public long falseAlarms() {
        return unexplained().stream().filter(Unexplained::isFalse).count();
    }

    /** Judged windows in which an alarm would have been without a fault: the time at risk. */
    public long windowsWithoutFault() {
        Observed run = control.orElse(observed);
        return run.windows().stream()
                .filter(window -> run.judged().stream()
                        .anyMatch(one -> one.window().start() == window.start()
                                && !one.verdict().equals("insufficient")))
                .filter(window ->
                        control.isPresent() || findings.stream().noneMatch(f -> Finding.touches(f.fault(), window)))
                .count();
    }

    public boolean isCaught() {
        return findings.stream().allMatch(Finding::isCaught);
    }

    /** What retraining saved, in a sentence. */
    public String saved() {
        return saved(observed);
    }

    /** The same of either replay. */
    public String saved(Observed run) {
        Losses.Period whole = run.whole();
        if (!run.compared()) {
            return "What retraining saved is not known: the first version could not be asked again.";
        }
        long trained = run.releases().size();
        if (trained == 0) {
            return "Nothing was retrained into production, so retraining saved nothing.";
        }
        String size = Figures.short4(Math.abs(whole.saved()));
        String unitText = run.kind() == Losses.Kind.NUMBERS && !unit.isEmpty() ? " " + unit : "";
        String interval = " (95 %: " + Figures.signed(whole.low()) + " to " + Figures.signed(whole.high()) + ")";
        String figures = run.kind().metric() + " " + Figures.short4(whole.production()) + " instead of "
                + Figures.short4(whole.held());
        String times = trained == 1 ? "once" : trained + " times";
        if (whole.isBetter()) {
            return "Retraining " + times + " saved " + size + unitText + " of "
                    + run.kind().metric() + interval + ": " + figures + " over " + Figures.count(whole.n())
                    + " outcomes, against never retraining.";
        }
        return (whole.isWorse()
                        ? "Retraining " + times + " made it worse by " + size + unitText
                        : "Retraining " + times + " made no difference beyond chance")
                + interval + ": " + figures + " over " + Figures.count(whole.n()) + " outcomes.";
    }

    /** False alarms, in a sentence. */
    public String alarms() {
        List<Unexplained> all = unexplained();
        String where = control.isPresent() ? "in the control without faults" : "where no fault was";
        long windows = windowsWithoutFault();
        if (all.isEmpty()) {
            return windows == 0
                    ? "False alarms are not known: no judged window was without a fault, and there is no control."
                    : "No alert " + where + ", in " + many(windows, "window") + ".";
        }
        return many(all.size(), "alert") + " " + where + ", in " + many(windows, "window") + ": " + falseAlarms()
                + " false (no loss beyond chance), " + (all.size() - falseAlarms())
                + " confirmed by outcomes (the world itself had changed).";
    }

    private static String many(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** Whether the agreement would have caught the faults, in a sentence. */
    public String verdict() {
        if (findings.isEmpty()) {
            return "No fault was injected: this is the control.";
        }
        long caught = findings.stream().filter(Finding::isCaught).count();
        return "Would our agreement have caught it? "
                + (findings.size() == 1
                        ? (caught == 1 ? "Yes." : "No.")
                        : caught + " of " + findings.size() + " faults.");
    }
}

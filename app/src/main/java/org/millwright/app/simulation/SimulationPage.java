package org.millwright.app.simulation;

import static org.millwright.app.simulation.SimulationPlot.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A simulation's report as one file of HTML: no scripts, nothing fetched, light and dark as the reader has it. */
public final class SimulationPage {
    private final Simulated simulated;
    private final StringBuilder page = new StringBuilder();

    public SimulationPage(Simulated simulated) {
        this.simulated = simulated;
    }

    /** The page. */
    public String html() {
        String title = "Simulation of " + simulated.name() + ", " + simulated.from() + " to " + simulated.to();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
                .append(text(title))
                .append("</title><style>\n")
                .append(style())
                .append("</style></head><body>\n<h1>")
                .append(text(title))
                .append("</h1>\n");
        for (String sentence : SimulationJson.sentences(simulated)) {
            page.append(sentence.startsWith(SimulationJson.NOTE) ? "<p>" : "<p class=\"lead\">")
                    .append(text(sentence))
                    .append("</p>\n");
        }
        page.append("<p>Outcomes are known ")
                .append(simulated.labelDelay())
                .append(" after their event time. Everything below is in event time (UTC).</p>\n");
        detections();
        run(
                "With the faults",
                simulated.observed(),
                simulated.findings().stream().map(Finding::fault).toList());
        simulated.control().ifPresent(control -> run("Without faults: the control", control, List.of()));
        alarms();
        retrainings();
        return page.append("</body></html>\n").toString();
    }

    private static String style() {
        try (InputStream in = SimulationPage.class.getResourceAsStream("simulation.css")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void detections() {
        if (simulated.findings().isEmpty()) {
            return;
        }
        begin("Faults and what became of them");
        head(
                "No.",
                "*Fault",
                "*Caught",
                "Delay",
                "Rows until then",
                "*First alert",
                "*First at risk",
                "*First noted",
                "*Its column");
        for (int i = 0; i < simulated.findings().size(); i++) {
            detection(i + 1, simulated.findings().get(i));
        }
        finish();
    }

    private void detection(int number, Finding finding) {
        page.append("<tr><td>")
                .append(number)
                .append("</td><td class=\"long\"><code>")
                .append(text(finding.fault().text()))
                .append("</code></td>");
        word(
                finding.isCaught()
                        ? "<span class=\"verdict ok\">✓ yes</span>"
                        : "<span class=\"verdict bad\">✗ no</span>");
        cell(finding.alert().map(Finding.Sign::days).orElse("—"));
        cell(finding.alert().map(sign -> Figures.count(sign.rows())).orElse("—"));
        if (finding.masked()) {
            page.append("<td class=\"long\">one that the control had, too</td>");
        } else {
            sign(finding.alert());
        }
        sign(finding.atRisk());
        sign(finding.note());
        word(finding.column()
                .map(right -> right ? "moved most" : "among others")
                .orElse("—"));
        page.append("</tr>\n");
    }

    private void sign(Optional<Finding.Sign> sign) {
        page.append("<td class=\"long\">")
                .append(sign.map(one -> text(one.what()) + "<br>window " + text(one.window()) + ", known "
                                + Stretch.day(one.seen().at()) + " (after " + one.days() + ")")
                        .orElse("—"))
                .append("</td>");
    }

    private void run(String title, Observed run, List<Fault> faults) {
        if (run.periods().isEmpty()) {
            return;
        }
        var plot = new SimulationPlot(run, faults);
        page.append("<section><h2>")
                .append(title)
                .append(": ")
                .append(run.kind().metric())
                .append(" of each window</h2>");
        page.append(
                "<p>Solid: production. Dashed: the first version, never retrained, on the same rows. Dotted: what was agreed.</p>");
        page.append("<div class=\"wide\" tabindex=\"0\">").append(plot.errors()).append("</div>");
        if (run.compared() && !run.releases().isEmpty()) {
            page.append("<p>Errors spared by retraining, added up")
                    .append(unit(run))
                    .append(":</p>");
            page.append("<div class=\"wide\" tabindex=\"0\">")
                    .append(plot.spared())
                    .append("</div>");
        }
        windows(run);
    }

    /** What the plots show, in figures. */
    private void windows(Observed run) {
        page.append("<div class=\"wide\" tabindex=\"0\"><table>");
        head(
                "Window",
                "n",
                "Production",
                "Never retrained",
                "Agreed limit",
                "Saved",
                "95 % interval",
                "*What happened");
        var all = new ArrayList<>(run.periods());
        all.add(run.whole());
        for (Losses.Period period : all) {
            page.append("<tr><td>").append(text(period.window())).append("</td>");
            cell(Figures.count(period.n()));
            cell(Figures.short4(period.production()));
            cell(Figures.short4(period.held()));
            cell(run.limit(period).map(Figures::short4).orElse("—"));
            cell(mark(period) + Figures.signed(period.saved()));
            cell(Figures.signed(period.low()) + " to " + Figures.signed(period.high()));
            page.append("<td class=\"long\">")
                    .append(text(
                            period.window().equals("all") ? "" : String.join("; ", SimulationJson.events(run, period))))
                    .append("</td></tr>\n");
        }
        finish();
    }

    private static String mark(Losses.Period period) {
        return period.isBetter()
                ? "<span class=\"ok\">better </span>"
                : period.isWorse() ? "<span class=\"bad\">worse </span>" : "";
    }

    private String unit(Observed run) {
        return run.kind() == Losses.Kind.CLASSES
                ? " (wrong classes)"
                : simulated.unit().isEmpty() ? " (absolute errors)" : " (" + text(simulated.unit()) + ")";
    }

    private void alarms() {
        List<Simulated.Unexplained> all = simulated.unexplained();
        if (all.isEmpty()) {
            return;
        }
        begin("Alerts that no fault explains");
        head("Window", "*Clause", "*Known", "*Confirmed by outcomes", "*Message");
        for (Simulated.Unexplained one : all) {
            page.append("<tr><td>").append(text(one.alert().window().window())).append("</td>");
            word(text(one.alert().clause()));
            word(Stretch.day(one.alert().seen().at()));
            word(one.isFalse() ? "<span class=\"bad\">no: a false alarm</span>" : "<span class=\"ok\">yes</span>");
            page.append("<td class=\"long\">")
                    .append(text(one.alert().message()))
                    .append("</td></tr>\n");
        }
        finish();
    }

    private void retrainings() {
        if (simulated.observed().retrainings().isEmpty()) {
            return;
        }
        begin("What was decided about training again");
        head("Known", "*Decision", "*Why", "*Run", "*Told");
        for (Observed.Retrained one : simulated.observed().retrainings()) {
            page.append("<tr><td>").append(Stretch.day(one.seen().at())).append("</td>");
            word(text(one.decision()));
            page.append("<td class=\"long\">").append(text(one.reason())).append("</td>");
            word(text(one.status()));
            page.append("<td class=\"long\">").append(text(one.told())).append("</td></tr>\n");
        }
        finish();
    }

    private void begin(String title) {
        page.append("<section><h2>").append(title).append("</h2><div class=\"wide\" tabindex=\"0\"><table>");
    }

    private void finish() {
        page.append("</tbody></table></div></section>\n");
    }

    /** Columns of words, not figures, begin with a star. */
    private void head(String... names) {
        page.append("<thead><tr>");
        for (String name : names) {
            page.append(name.startsWith("*") ? "<th class=\"word\">" + name.substring(1) : "<th>" + name)
                    .append("</th>");
        }
        page.append("</tr></thead><tbody>\n");
    }

    private void cell(String words) {
        page.append("<td>").append(words).append("</td>");
    }

    private void word(String words) {
        page.append("<td class=\"word\">").append(words).append("</td>");
    }
}

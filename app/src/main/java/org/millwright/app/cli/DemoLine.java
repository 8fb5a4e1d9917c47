package org.millwright.app.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The stations of the line, one after the other, and what they came to. */
final class DemoLine {
    private final DemoShell shell;
    private final Screen screen;
    private final String url;
    private final long start;
    private final Supplier<Duration> foreignWork;
    private final List<DemoStation> stations;

    /**
     * @param start when the demo began, by {@link System#nanoTime}
     * @param foreignWork how long Python and its packages' installation were at work since then
     */
    DemoLine(DemoShell shell, String url, long start, Supplier<Duration> foreignWork) {
        this.shell = shell;
        this.screen = shell.screen();
        this.url = url;
        this.start = start;
        this.foreignWork = foreignWork;
        var watch = new DemoWatch();
        this.stations = Stream.of(
                        DemoSetUp.stations(),
                        DemoTraining.stations(),
                        DemoRelease.stations(),
                        watch.stations(),
                        DemoPast.stations())
                .flatMap(List::stream)
                .toList();
    }

    /** Whether every station did what it should; it stops at the first that did not. */
    boolean run() {
        screen.line(screen.bold("Millwright: from a request to a model that is kept true, on real flights"));
        screen.line("Everything below is done by published commands. The same on a page: " + url + "/");
        screen.line("Python's own time (packages, training) is told apart at the end.");
        var times = new ArrayList<Duration>();
        for (DemoStation station : stations) {
            long began = System.nanoTime();
            screen.line("");
            screen.line(screen.bold(String.format("%2d  %s", station.number(), station.title())));
            try {
                String result = station.work().go(shell);
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                times.add(took);
                screen.line("   " + screen.good("✓") + " " + result + "  " + screen.dim(Texts.duration(took)));
            } catch (DemoFailed e) {
                screen.line("   " + screen.bad("✗") + " " + e.getMessage());
                screen.line("");
                screen.line("Station " + station.number() + " did not do what it should: " + times.size() + " of "
                        + stations.size() + " did. mw demo goes on from there.");
                return false;
            }
        }
        summary(times);
        return true;
    }

    private void summary(List<Duration> times) {
        Duration all = Duration.ofNanos(System.nanoTime() - start);
        Duration python = foreignWork.get();
        screen.line("");
        screen.line(
                screen.bold("All " + times.size() + " stations did what they should in " + Texts.duration(all)) + ": "
                        + Texts.duration(python) + " in Python and its packages, "
                        + Texts.duration(all.minus(python)) + " in Millwright.");
        screen.line(
                "Look:      " + url + "/projects/" + DemoSetUp.PROJECT + "   (line, runs, model, deployment, alerts)");
        screen.line("Take back: mw rollback " + DemoSetUp.PROJECT + " --reason '…' --as mia");
        screen.line("By hand:   cd " + shell.folder() + "; export MW_SERVER=" + url + " MW_CONFIG="
                + shell.folder().resolveSibling("config"));
    }
}

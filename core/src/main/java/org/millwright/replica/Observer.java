package org.millwright.replica;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.egress.UrlPart;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.remote.ProfileReports;
import org.millwright.scoring.remote.Recorder;
import org.millwright.serving.PredictionListener;
import org.millwright.serving.Scored;

/** Profiles what was answered, by the day (UTC) that each prediction is for, and sends the profiles to the server. */
final class Observer implements PredictionListener {
    private static final int WAITING_ROWS = 100_000;

    private final ControlPlane server;
    private final Map<String, Recorder.By> versions = new ConcurrentHashMap<>();
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();

    Observer(ControlPlane server) {
        this.server = server;
    }

    /** One deployment's rows: as they come, and on their way. */
    private record Watch(Recorder recorder, ProfileReports reports) {}

    /** A version was loaded, and has this training profile. */
    void know(String deployment, String version, Optional<Reference> reference) {
        versions.put(deployment + "/" + version, new Recorder.By(version, reference));
    }

    @Override
    public void answered(Scored scored) {
        Watch watch = watches.get(scored.deployment());
        if (watch == null) {
            watch = watches.computeIfAbsent(scored.deployment(), this::watch);
        }
        Recorder.By by = versions.computeIfAbsent(
                scored.deployment() + "/" + scored.version(),
                key -> new Recorder.By(scored.version(), Optional.empty()));
        Frame inputs = withoutOutputs(scored.inputs());
        Frame outputs = outputs(scored);
        long[] times = scored.times();
        int from = 0;
        for (int row = 1; row <= times.length; row++) {
            if (row == times.length || Recorder.day(times[row]) != Recorder.day(times[from])) {
                watch.recorder()
                        .record(by, inputs.slice(from, row), outputs.slice(from, row), latest(times, from, row));
                from = row;
            }
        }
    }

    private Watch watch(String deployment) {
        var recorder = new Recorder(WAITING_ROWS);
        var reports = new ProfileReports(
                server.http(),
                server.at("deployments/" + UrlPart.of(deployment) + "/profiles"),
                UUID.randomUUID().toString(),
                recorder);
        return new Watch(recorder, reports);
    }

    private static long latest(long[] times, int from, int to) {
        long latest = times[from];
        for (int row = from; row < to; row++) {
            latest = Math.max(latest, times[row]);
        }
        return latest;
    }

    /** Predicted classes and further outputs are columns of their own behind the inputs. */
    private static Frame withoutOutputs(Frame inputs) {
        if (inputs.width() == 0 || !Scored.isOutput(inputs.name(inputs.width() - 1))) {
            return inputs;
        }
        Frame.Builder own = Frame.of(inputs.rows());
        for (int i = 0; i < inputs.width(); i++) {
            if (!Scored.isOutput(inputs.name(i))) {
                own.column(inputs.name(i), inputs.type(i), inputs.column(i));
            }
        }
        return own.build();
    }

    private static Frame outputs(Scored scored) {
        Frame.Builder outputs = Frame.of(scored.rows());
        Frame inputs = scored.inputs();
        int classes = inputs.position(Reference.OUTPUT);
        if (classes < 0) {
            outputs.doubles(Reference.OUTPUT, scored.predictions());
        } else {
            outputs.column(Reference.OUTPUT, inputs.type(classes), inputs.column(classes));
        }
        for (int i = 0; i < Scored.MOST_FURTHER && inputs.position(Scored.further(i)) >= 0; i++) {
            int at = inputs.position(Scored.further(i));
            outputs.column(inputs.name(at), inputs.type(at), inputs.column(at));
        }
        return outputs.build();
    }

    /** Profiles what waits. */
    void drain(Duration patience) {
        watches.values().forEach(watch -> watch.reports().drain(patience));
    }

    /** Sends all that waits, as far as the server takes it. */
    void send(Duration patience) {
        watches.values().forEach(watch -> watch.reports().send(patience));
    }

    /** What became of the rows of all deployments. */
    ProfileReports.State state() {
        long sent = 0;
        long waiting = 0;
        long lost = 0;
        Optional<String> problem = Optional.empty();
        for (Watch watch : watches.values()) {
            ProfileReports.State state = watch.reports().state();
            sent += state.sent();
            waiting += state.waiting();
            lost += state.lost();
            problem = problem.or(state::problem);
        }
        return new ProfileReports.State(sent, waiting, lost, problem);
    }
}

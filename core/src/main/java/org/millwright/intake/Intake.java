package org.millwright.intake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.millwright.alert.Window;
import org.millwright.outcome.PredictionStore;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.scoring.remote.Recorder;
import org.millwright.serving.Scored;
import org.millwright.window.Keeping;
import org.millwright.window.References;
import org.millwright.window.Watched;

/** Sorts the rows of a batch into windows and profiles them; one use for one batch. */
final class Intake {
    private final Watched watched;
    private final Keeping keeping;
    private final References references;
    private final Function<Key, Set<String>> known;
    private final Function<Key, Optional<Profile>> parts;
    private final Map<Key, Delta> deltas = new LinkedHashMap<>();
    private final Map<Key, Set<String>> segments = new HashMap<>();
    /** Where the last row went: most often the next one goes there too. */
    private @Nullable Key last;

    private final List<PredictionStore.Row> rows = new ArrayList<>();
    private long duplicates;
    private long skewed;

    /**
     * @param known the segments that a window has profiles of
     * @param parts an empty part of a stored profile, where that is at hand
     */
    Intake(
            Watched watched,
            Keeping keeping,
            References references,
            Function<Key, Set<String>> known,
            Function<Key, Optional<Profile>> parts) {
        this.known = known;
        this.parts = parts;
        this.watched = watched;
        this.keeping = keeping;
        this.references = references;
    }

    /** A window of one version: all its rows, or those of a segment. */
    record Key(String version, Window window, String segment) {
        static final String ALL = "";

        Key(String version, Window window) {
            this(version, window, ALL);
        }

        Key whole() {
            return new Key(version, window);
        }

        boolean isWhole() {
            return segment.equals(ALL);
        }
    }

    /** What a batch adds to a window. */
    static final class Delta {
        final Optional<Profile> profile;
        /** Whether the profile is only to be merged into a stored one. */
        final boolean isPart;

        long rows;
        long late;
        long lastEvent;
        private List<String> names = List.of();
        private @Nullable ColumnProfile[] columns = {};

        Delta(Optional<Profile> profile) {
            this(profile, false);
        }

        Delta(Optional<Profile> profile, boolean isPart) {
            this.profile = profile;
            this.isPart = isPart;
        }

        /** The profile's column for each column of a frame; null where it has none. Frames of one model have the same names. */
        private @Nullable ColumnProfile[] columns(Profile filled, Frame frame) {
            if (!names.equals(frame.names())) {
                names = frame.names();
                columns = new @Nullable ColumnProfile[names.size()];
                for (int i = 0; i < columns.length; i++) {
                    String name = names.get(i);
                    columns[i] = name.equals(Reference.OUTPUT)
                            ? null
                            : filled.column(name).orElse(null);
                }
            }
            return columns;
        }
    }

    /** @param known ids that each version had answered before, by version */
    void take(Iterable<Pack> batch, Map<String, Set<String>> known) {
        Map<String, Set<String>> seen = new HashMap<>();
        known.forEach((version, ids) -> seen.put(version, new HashSet<>(ids)));
        for (Pack pack : batch) {
            take(pack, seen.computeIfAbsent(pack.version(), version -> new HashSet<>()));
        }
    }

    private void take(Pack pack, Set<String> seen) {
        int from = 0;
        Window window = null;
        var kept = new KeptRows(pack, keeping);
        for (int row = 0; row < pack.rows(); row++) {
            String id = pack.ids()[row];
            boolean again = !id.isEmpty() && !seen.add(id);
            boolean other = window != null && !window.contains(pack.times()[row]);
            if ((again || other) && window != null) {
                profile(pack, from, row, window);
                window = null;
            }
            if (again) {
                duplicates++;
                continue;
            }
            if (window == null) {
                window = window(pack.times()[row]);
                from = row;
            }
            if (!id.isEmpty() && kept.has(row)) {
                rows.add(kept.row(row));
            }
        }
        if (window != null) {
            profile(pack, from, pack.rows(), window);
        }
    }

    private Window window(long time) {
        return last != null && last.window().contains(time)
                ? last.window()
                : keeping.kind().at(time);
    }

    private Delta delta(String version, Window window) {
        if (last == null || !last.window().equals(window) || !last.version().equals(version)) {
            last = new Key(version, window);
        }
        return delta(last);
    }

    private Delta delta(Key key) {
        return deltas.computeIfAbsent(key, made -> {
            Optional<Profile> part = parts.apply(made);
            return part.isPresent()
                    ? new Delta(part, true)
                    : new Delta(
                            references.of(watched.deployment(), made.version()).map(Reference::window));
        });
    }

    /** Adds rows {@code from} to before {@code to}, which all lie in the window. */
    private void profile(Pack pack, int from, int to, Window window) {
        Delta delta = delta(pack.version(), window);
        delta.rows += to - from;
        delta.late += window.end() <= watched.watermark() ? to - from : 0;
        for (int row = from; row < to; row++) {
            if (pack.times()[row] > pack.at()[row] + Recorder.DAY) {
                skewed++;
            } else {
                delta.lastEvent = Math.max(delta.lastEvent, pack.times()[row]);
            }
        }
        if (delta.profile.isEmpty()) {
            return;
        }
        Frame inputs = pack.inputs().slice(from, to);
        double[] predictions =
                from == 0 && to == pack.rows() ? pack.predictions() : Arrays.copyOfRange(pack.predictions(), from, to);
        fill(delta, inputs, predictions);
        Optional<RowFindings> found = references
                .signals(watched.deployment(), pack.version())
                .map(signals -> signals.look(inputs, place -> place == 0 ? predictions : further(inputs, place)));
        found.ifPresent(findings -> findings.addTo(delta.profile.get(), null));
        SegmentRows.of(inputs, keeping.segments().groups()).forEach((segment, rows) -> {
            if (!isProfiled(pack.version(), window, segment)) {
                return;
            }
            Delta part = delta(new Key(pack.version(), window, segment));
            part.rows += rows.length;
            fill(
                    part,
                    inputs.pick(rows),
                    Arrays.stream(rows).mapToDouble(row -> predictions[row]).toArray());
            part.profile.ifPresent(profile -> found.ifPresent(findings -> findings.addTo(profile, rows)));
        });
    }

    /** Whether the segment has a profile in this window, or may get one: further ones are only part of the whole. */
    private boolean isProfiled(String version, Window window, String segment) {
        Set<String> profiled =
                segments.computeIfAbsent(new Key(version, window), key -> new HashSet<>(known.apply(key)));
        return profiled.contains(segment) || profiled.size() < SegmentRows.MOST_PROFILED && profiled.add(segment);
    }

    /** Adds rows to a profile. */
    private static void fill(Delta delta, Frame inputs, double[] predictions) {
        delta.profile.ifPresent(profile -> {
            @Nullable ColumnProfile[] columns = delta.columns(profile, inputs);
            for (int i = 0; i < columns.length; i++) {
                ColumnProfile column = columns[i];
                if (column != null) {
                    column.observe(inputs.column(i));
                }
            }
            ColumnProfile output = profile.column(Reference.OUTPUT).orElseThrow();
            int classes = inputs.position(Reference.OUTPUT);
            boolean named = classes >= 0 && output instanceof CategoryProfile;
            output.update(named ? inputs.column(classes) : new Vector.Doubles(predictions));
        });
    }

    /** What was answered as the output of that place; NaN where it was not. */
    private static double[] further(Frame inputs, int output) {
        int at = output > Scored.MOST_FURTHER ? -1 : inputs.position(Scored.further(output - 1));
        if (at >= 0) {
            return inputs.doubles(at);
        }
        double[] unknown = new double[inputs.rows()];
        Arrays.fill(unknown, Double.NaN);
        return unknown;
    }

    Map<Key, Delta> deltas() {
        return deltas;
    }

    /** Predictions to keep for their outcomes. */
    List<PredictionStore.Row> rows() {
        return rows;
    }

    long duplicates() {
        return duplicates;
    }

    long skewed() {
        return skewed;
    }
}

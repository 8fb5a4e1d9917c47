package org.millwright.verdict;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.alert.WindowKind;
import org.millwright.drift.Drifted;
import org.millwright.drift.SegmentDrift;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.outcome.Answers;
import org.millwright.outcome.Measuring;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.Performance;
import org.millwright.outcome.PredictedRows;
import org.millwright.outcome.Segments;
import org.millwright.outcome.Target;
import org.millwright.project.Agreement;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.window.Keeping;
import org.millwright.window.References;
import org.millwright.window.SegmentStore;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** Measures stored windows: how well a version predicted in it, and how far its rows moved from training. */
public final class Measures {
    private static final int CACHED = 256;

    private final Map<String, Performance> performances = recent();
    private final Map<String, Drifted> drifts = recent();
    private final Database database;
    private final Projects projects;
    private final References references;
    private final WindowStore store;
    private final OutcomeStore predictions;
    private final SegmentStore segments;

    public Measures(Database database, Projects projects, References references) {
        this.database = database;
        this.projects = projects;
        this.references = references;
        this.store = new WindowStore(database);
        this.predictions = new OutcomeStore(database);
        this.segments = new SegmentStore(database);
    }

    /** How long the windows of a project are: as agreed, else months. */
    public WindowKind kind(String project) {
        return projects.agreement(project)
                .map(agreement -> WindowKind.of(agreement.window()))
                .orElse(WindowKind.MONTH);
    }

    /** What is kept of a project's predictions. */
    public Keeping keeping(String project) {
        return new Keeping(kind(project), target(project, Optional.empty()).classes(), segments(project));
    }

    /** How rows are split, as agreed. */
    public Segments segments(String project) {
        return projects.agreement(project).map(Segments::of).orElse(Segments.NONE);
    }

    /** What a version predicts. */
    public Target target(Watched watched, String version) {
        return target(watched.project(), reference(watched, version));
    }

    /** What any of these versions predicts. */
    public Target target(Watched watched, Collection<String> versions) {
        return target(watched.project(), Optional.empty())
                .with(versions.stream().map(version -> target(watched, version)).toList());
    }

    private Target target(String project, Optional<Reference> reference) {
        return Target.of(projects.file(project).map(ProjectFile::model), reference);
    }

    public Optional<Reference> reference(Watched watched, String version) {
        return references.of(watched.deployment(), version);
    }

    /** By single predictions, or what was measured before those were given up; with segments and bias as agreed. */
    public Performance performance(Watched watched, WindowState state) {
        return performance(watched, state, segments(watched.project()));
    }

    /** The same, of all rows together only. */
    public Performance overall(Watched watched, WindowState state) {
        return performance(watched, state, Segments.NONE);
    }

    private Performance performance(Watched watched, WindowState state, Segments split) {
        String key = key(state) + "|" + split;
        Performance cached = performances.get(key);
        if (cached != null) {
            return cached;
        }
        Optional<String> kept =
                database.read(() -> store.performance(state.deployment(), state.version(), state.window()));
        if (kept.isPresent()) {
            return Performance.fromJson(Json.parse(kept.get()));
        }
        var rows = database.read(() -> predictions.rows(
                state.deployment(),
                state.version(),
                state.window().start(),
                state.window().end(),
                !split.isEmpty()));
        Performance measured = Measuring.of(rows, answers(watched, state.version(), rows), state.rows(), split);
        if (rows.labelled() == state.labels()) {
            performances.put(key, measured);
        }
        return measured;
    }

    /** What a version answered in these rows and what came of it, in numbers. */
    public Answers answers(Watched watched, String version, PredictedRows rows) {
        Target target = target(watched, version);
        return target.classes()
                ? Answers.classes(rows, target)
                : Answers.numbers(
                        rows,
                        reference(watched, version).map(Reference::baseline).orElse(Double.NaN));
    }

    public Optional<Profile> profile(WindowState state) {
        return database.read(() -> store.profile(state.deployment(), state.version(), state.window()))
                .map(Profile::fromJson);
    }

    /** The segments of a window, each against training as a whole; none when the version has no training profile. */
    public List<SegmentDrift> segments(Watched watched, WindowState state, Optional<Agreement.Drift> agreed) {
        Optional<Reference> reference = reference(watched, state.version());
        if (reference.isEmpty()) {
            return List.of();
        }
        List<SegmentStore.Stored> stored =
                database.read(() -> segments.all(state.deployment(), state.version(), state.window()));
        return stored.stream()
                .map(segment -> new SegmentDrift(
                        segment.name(),
                        segment.rows(),
                        Drifted.of(reference.get(), Profile.fromJson(segment.profile()), agreed)))
                .toList();
    }

    /** The window against training; empty when the version has no training profile. */
    public Optional<Drifted> drift(Watched watched, WindowState state, Optional<Agreement.Drift> agreed) {
        String key = key(state) + "|" + agreed;
        Drifted cached = drifts.get(key);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Drifted> measured = reference(watched, state.version())
                .flatMap(reference -> profile(state)
                        .map(profile -> Drifted.of(reference, profile, outcomes(watched, state, reference), agreed)));
        measured.ifPresent(drifted -> drifts.put(key, drifted));
        return measured;
    }

    /** A profile of the outcomes known of a window, like that of the training labels; of predictions given up there is none. */
    private Optional<ColumnProfile> outcomes(Watched watched, WindowState state, Reference reference) {
        if (state.labels() == 0) {
            return Optional.empty();
        }
        Frame known = database.read(() -> predictions.outcomes(
                state.deployment(),
                state.version(),
                state.window().start(),
                state.window().end()));
        if (known.rows() == 0) {
            return Optional.empty();
        }
        ColumnProfile profile = reference.label().like();
        if (profile instanceof CategoryProfile) {
            Set<String> classes = Set.copyOf(target(watched, state.version()).known());
            @Nullable String[] names = ((Vector.Strings) known.column(OutcomeStore.NAMED)).values();
            double[] numbers = known.doubles(OutcomeStore.NUMBER);
            String[] said = new String[names.length];
            for (int i = 0; i < said.length; i++) {
                String name = names[i];
                said[i] = Target.canonical(name == null ? Target.plain(numbers[i]) : name, classes);
            }
            profile.update(new Vector.Strings(said));
        } else {
            profile.update(known.column(OutcomeStore.NUMBER));
        }
        return Optional.of(profile);
    }

    private static String key(WindowState state) {
        return state.deployment() + "|" + state.version() + "|" + state.window() + "|" + state.revision();
    }

    /** The last results used; a window's revision is part of the key, so what changed is measured anew. */
    private static <V> Map<String, V> recent() {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > CACHED;
            }
        });
    }
}

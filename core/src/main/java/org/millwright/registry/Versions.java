package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Level;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Names;
import org.millwright.tracking.Runs;

/** Registers versions of models, moves them between stages, and keeps the evidence of each. */
public final class Versions {
    private final Models names;
    private final Registry registry;
    private final ModelStore models;
    private final VersionStore versions;
    private final LoggedModels logged;
    private final ArtifactTree artifacts;
    private final VersionSource sources;
    private final VersionSearch search;

    public Versions(Models names, Runs runs, LoggedModels logged, ArtifactTree artifacts) {
        this.names = names;
        this.registry = names.registry();
        this.models = registry.models();
        this.versions = registry.versions();
        this.logged = logged;
        this.artifacts = artifacts;
        this.search = new VersionSearch(registry.database(), versions);
        this.sources = new VersionSource(runs, logged, new Lookup());
    }

    /** Refuses from now on sources in which the pattern is not found. */
    public void requireSources(Pattern pattern) {
        sources.require(pattern);
    }

    /** Registers the next version; its files are pinned by their digest. */
    public ModelVersion add(Actor by, String name, NewVersion asked) {
        ModelRules.requireName("name", name);
        ModelRules.requireDescription(asked.description());
        asked.runLink().ifPresent(link -> Names.requireLength("run_link", link, 500));
        asked.tags().forEach(ModelRules::requireTag);
        requireRegistration(by, name, asked);
        return registry.database().write(() -> {
            models.lock();
            RegisteredModel model = registry.requireWritable(by, name);
            var place = sources.resolve(asked.source(), asked.runId(), asked.modelId(), model.isPrompt());
            long now = registry.clock().millis();
            long number = models.nextVersion(name);
            var version = new ModelVersion(
                    name,
                    number,
                    asked.source(),
                    place.location(),
                    place.runId(),
                    place.modelId(),
                    asked.runLink(),
                    asked.description(),
                    Stage.NONE,
                    artifacts.digest(place.location()),
                    by.id(),
                    now,
                    now,
                    asked.tags(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            versions.insert(version);
            asked.tags().forEach((key, value) -> versions.setTag(name, number, key, value));
            models.touch(name, now);
            place.modelId().ifPresent(id -> logged.noteVersion(id, name, number));
            registry.announce().created(model, version);
            registry.record(
                    by,
                    "model.version-registered",
                    version,
                    Json.object().put("source", asked.source()).put("files", version.files()));
            return version;
        });
    }

    private void requireRegistration(Actor by, String name, NewVersion asked) {
        RegisteredModel model = registry.database().read(() -> registry.requireWritable(by, name));
        ObjectNode details = Json.object().put("source", asked.source());
        asked.runId().ifPresent(run -> details.put("run", run));
        asked.runLink().ifPresent(link -> details.put("link", link));
        details.set("tags", Json.tree(asked.tags()));
        registry.guards().requireGate(by, GovernedAction.Kind.REGISTER, model, "", "", details);
    }

    /** The version; {@link Problem.NotFound} in MLflow's words. */
    public ModelVersion get(Actor by, String name, long number) {
        return registry.database().read(() -> {
            registry.requireReadable(by, name);
            return registry.requireVersion(name, number);
        });
    }

    /** The version by its number as text; text that is no number is {@link Problem.Invalid}. */
    public ModelVersion get(Actor by, String name, String number) {
        return get(by, name, ModelRules.number(number));
    }

    public Optional<ModelVersion> find(Actor by, String name, long number) {
        return registry.database().read(() -> {
            registry.requireReadable(by, name);
            return versions.find(name, number);
        });
    }

    /** All versions of a model, newest first. */
    public List<ModelVersion> all(Actor by, String name) {
        return all(by, name, Integer.MAX_VALUE);
    }

    /** The newest versions of a model, at most so many. */
    public List<ModelVersion> all(Actor by, String name, int most) {
        return registry.database().read(() -> {
            registry.requireReadable(by, name);
            return versions.all(name, most);
        });
    }

    /** Some versions of many models: those of the numbers, as far as they are readable and there. */
    public List<ModelVersion> some(Actor by, Map<String, Set<Long>> numbers) {
        Predicate<String> readable = readable(by);
        return registry.database().read(() -> versions.some(numbers)).stream()
                .filter(version -> readable.test(version.name()))
                .toList();
    }

    /** The versions of readable models that came from a run, newest first. */
    public List<ModelVersion> ofRun(Actor by, String runId) {
        Predicate<String> readable = readable(by);
        return registry.database().read(() -> versions.ofRun(runId)).stream()
                .filter(version -> readable.test(version.name()))
                .toList();
    }

    /** The versions of readable models that came from a logged model, newest first. */
    public List<ModelVersion> ofLoggedModel(Actor by, String modelId) {
        Predicate<String> readable = readable(by);
        return registry.database().read(() -> versions.ofLoggedModel(modelId)).stream()
                .filter(version -> readable.test(version.name()))
                .toList();
    }

    /** Versions of readable models that pass a filter; {@code limit} is 1 to 200 000. */
    public Page<ModelVersion> search(Actor by, String filter, List<String> orderBy, int limit, String token) {
        return search.search(readable(by), filter, orderBy, limit, token);
    }

    private Predicate<String> readable(Actor by) {
        return registry.guards().readable(by, name -> registry.database().read(() -> models.project(name)));
    }

    /** The highest version of each of the stages; of every stage when none is named. */
    public List<ModelVersion> latest(Actor by, String name, List<String> stages) {
        Set<Stage> wanted = EnumSet.noneOf(Stage.class);
        stages.forEach(stage -> wanted.add(Stage.of(stage)));
        return names.get(by, name).latest().stream()
                .filter(version -> wanted.isEmpty() || wanted.contains(version.stage()))
                .toList();
    }

    public ModelVersion describe(Actor by, String name, long number, Optional<String> description) {
        ModelRules.requireDescription(description);
        return change(
                by,
                name,
                number,
                "model.version-described",
                Json.object().put("digest", Registry.digest(description)),
                () -> versions.describe(
                        name, number, description.orElse(null), registry.clock().millis()));
    }

    /** Moves a version to a stage, and those that are there to Archived when asked. */
    public ModelVersion setStage(Actor by, String name, long number, String text, boolean archiveOthers) {
        Stage stage = Stage.of(text);
        if (archiveOthers && !stage.isActive()) {
            throw new Problem.Invalid("Model version transition cannot archive existing model versions because '"
                    + stage.text() + "' is not an Active stage. Valid stages are Staging, Production");
        }
        requireMayLeave(by, name, number, Optional.of(stage));
        registry.guards().requireAllowed(by, model(name), stage.text(), Optional.of(number));
        gate(by, GovernedAction.Kind.STAGE, name, number, stage.text());
        return registry.database().write(() -> {
            models.lock();
            registry.requireWritable(by, name);
            ModelVersion version = registry.requireVersion(name, number);
            long now = registry.clock().millis();
            if (archiveOthers) {
                for (ModelVersion other : versions.inStage(name, stage)) {
                    if (other.version() != number) {
                        versions.setStage(name, other.version(), Stage.ARCHIVED, now);
                        registry.record(by, "model.stage-changed", other, stages(other.stage(), Stage.ARCHIVED));
                    }
                }
            }
            versions.setStage(name, number, stage, now);
            models.touch(name, now);
            registry.record(by, "model.stage-changed", version, stages(version.stage(), stage));
            return registry.requireVersion(name, number);
        });
    }

    private void gate(Actor by, GovernedAction.Kind kind, String name, long number, String target) {
        registry.guards().requireGate(by, kind, model(name), Long.toString(number), target);
    }

    private void requireMayLeave(Actor by, String name, long number, Optional<Stage> to) {
        Stage from = known(name, number).stage();
        if (from.isActive() && !to.equals(Optional.of(from))) {
            registry.guards().requireAllowed(by, model(name), from.text(), Optional.empty());
        }
    }

    /** Deletes a version and its aliases; its number is never given again. */
    public void delete(Actor by, String name, long number) {
        for (String alias : known(name, number).aliases()) {
            registry.guards().requireAllowed(by, model(name), alias, Optional.empty());
        }
        requireMayLeave(by, name, number, Optional.empty());
        registry.guards().requireLevel(by, name, model(name).project(), Level.MANAGE);
        gate(by, GovernedAction.Kind.DELETE, name, number, "");
        registry.database().write(() -> {
            models.lock();
            registry.requireWritable(by, name, Level.MANAGE);
            ModelVersion version = registry.requireVersion(name, number);
            versions.delete(name, number);
            models.touch(name, registry.clock().millis());
            registry.record(by, "model.version-deleted", version, Json.object().put("files", version.files()));
        });
    }

    public void setTag(Actor by, String name, long number, String key, String value) {
        ModelRules.requireTag(key, value);
        change(by, name, number, "model.version-tagged", Registry.tag(key, value), () -> {
            registry.announce().tagged(registry.require(name), number, key, Optional.of(value));
            versions.setTag(name, number, key, value);
        });
    }

    /** Takes a tag from a version; fine when it is not there. */
    public void deleteTag(Actor by, String name, long number, String key) {
        Names.requireText("key", key);
        registry.database().write(() -> {
            RegisteredModel model = registry.requireWritable(by, name, Level.MANAGE);
            ModelVersion version = registry.requireVersion(name, number);
            registry.announce().tagged(model, number, key, Optional.empty());
            if (versions.deleteTag(name, number, key)) {
                registry.record(
                        by, "model.version-untagged", version, Json.object().put("key", key));
            }
        });
    }

    /** Attaches the portable form; once. */
    public void attachBundle(Actor by, String name, long number, ModelVersion.BundleRef bundle) {
        registry.database().write(() -> {
            registry.requireWritable(by, name);
            ModelVersion version = registry.requireVersion(name, number);
            requireUnset(version, "a bundle", version.bundle());
            versions.setBundle(name, number, bundle, registry.clock().millis());
            registry.record(by, "model.bundled", version, Json.tree(bundle).deepCopy());
        });
    }

    /** Attaches the result of the hand-off check; a later one replaces an earlier one until the version is certified. */
    public void attachHandOff(Actor by, String name, long number, ModelVersion.HandOff handOff) {
        registry.database().write(() -> {
            registry.requireWritable(by, name);
            ModelVersion version = registry.requireVersion(name, number);
            requireUnset(version, "a certificate", version.certificate());
            versions.setHandOff(name, number, handOff, registry.clock().millis());
            registry.record(
                    by, "model.hand-off-checked", version, Json.tree(handOff).deepCopy());
        });
    }

    /** Attaches the certificate, by its hash among the artifacts; once. */
    public void attachCertificate(Actor by, String name, long number, String sha256) {
        registry.database().write(() -> {
            registry.requireWritable(by, name);
            ModelVersion version = registry.requireVersion(name, number);
            requireUnset(version, "a certificate", version.certificate());
            versions.setCertificate(name, number, sha256, registry.clock().millis());
            registry.record(by, "model.certified", version, Json.object().put("certificate", sha256));
        });
    }

    /**
     * Puts a newer certificate in the place of one, unless that was replaced meanwhile.
     *
     * @param reproduce whether the version is to be made again for it, which the ledger's entry tells
     */
    public ModelVersion replaceCertificate(
            Actor by, String name, long number, String before, String sha256, boolean reproduce) {
        return registry.database().write(() -> {
            registry.guards().requireCertify(by, registry.require(name).project());
            ModelVersion version = registry.requireVersion(name, number);
            if (!version.certificate().equals(Optional.of(before))) {
                throw new Problem.Conflict(
                        version.subject() + " got another certificate meanwhile",
                        "mw model show " + name + "/" + number);
            }
            versions.setCertificate(name, number, sha256, registry.clock().millis());
            registry.record(
                    by,
                    "model.certificate-renewed",
                    version,
                    Json.object()
                            .put("certificate", sha256)
                            .put("certificateBefore", before)
                            .put("reproduce", reproduce));
            return registry.requireVersion(name, number);
        });
    }

    private static void requireUnset(ModelVersion version, String what, Optional<?> value) {
        if (value.isPresent()) {
            throw new Problem.Conflict(version.subject() + " has " + what + " already", "Register a new version.");
        }
    }

    private ModelVersion change(
            Actor by, String name, long number, String action, ObjectNode details, Runnable change) {
        return registry.database().write(() -> {
            models.lock();
            registry.requireWritable(by, name);
            ModelVersion version = registry.requireVersion(name, number);
            change.run();
            registry.record(by, action, version, details);
            return registry.requireVersion(name, number);
        });
    }

    private ModelVersion known(String name, long number) {
        return registry.database().read(() -> registry.requireVersion(name, number));
    }

    private RegisteredModel model(String name) {
        return registry.database().read(() -> registry.require(name));
    }

    private static ObjectNode stages(Stage from, Stage to) {
        return Json.object().put("from", from.text()).put("to", to.text());
    }

    /** Versions for sources such as {@code models:/NAME/3}. */
    private final class Lookup implements VersionSource.Lookup {
        @Override
        public ModelVersion version(String name, String version) {
            return get(Actor.SYSTEM, name, version);
        }

        @Override
        public ModelVersion alias(String name, String alias) {
            return names.byAlias(Actor.SYSTEM, name, alias);
        }

        @Override
        public ModelVersion stage(String name, String stage) {
            boolean any = stage.toLowerCase(Locale.ROOT).equals("latest");
            List<ModelVersion> found = latest(Actor.SYSTEM, name, any ? List.of() : List.of(stage));
            return found.stream()
                    .max(Comparator.comparingLong(ModelVersion::version))
                    .orElseThrow(() -> new Problem.NotFound("No version of " + name + " in stage " + stage));
        }
    }
}

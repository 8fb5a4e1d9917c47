package org.millwright.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Permission;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificates;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.scoring.bundle.Pointer;

/** Gives bundles to scorers in other processes: what may answer here may answer there, and nothing else. */
public final class Pulls {
    private final Models models;
    private final Versions versions;
    private final Artifacts artifacts;
    private final Access access;
    private final Certificates certificates;
    private final Clearance clearance;
    private final Clock clock;

    public Pulls(
            Models models,
            Versions versions,
            Artifacts artifacts,
            Access access,
            Certificates certificates,
            Clearance clearance,
            Clock clock) {
        this.models = models;
        this.versions = versions;
        this.artifacts = artifacts;
        this.access = access;
        this.certificates = certificates;
        this.clearance = clearance;
        this.clock = clock;
    }

    /** A version's bundle, which the caller may have. */
    public static final class Pull {
        private final ModelVersion version;
        private final String archive;
        private final String pointer;
        private final Artifacts artifacts;
        private final Certificates certificates;

        private Pull(
                ModelVersion version, String archive, String pointer, Artifacts artifacts, Certificates certificates) {
            this.version = version;
            this.archive = archive;
            this.pointer = pointer;
            this.artifacts = artifacts;
            this.certificates = certificates;
        }

        public String model() {
            return version.name();
        }

        public String version() {
            return Long.toString(version.version());
        }

        /** Hex SHA-256 of the archive. */
        public String archive() {
            return archive;
        }

        /** The signed statement that the name means this archive, and until when the version may be deployed anew. */
        public String pointer() {
            return pointer;
        }

        /** Refuses to put the version where it was not before, when its certificate expired. */
        public void requireUnexpired() {
            certificates.requireUnexpired(version.subject());
        }

        /** Bytes of the archive. */
        public long size() {
            try {
                return Files.size(artifacts.path(archive));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public InputStream open() {
            return artifacts.open(archive);
        }
    }

    /** The bundle of the version that an alias points to now. */
    public Pull byAlias(Actor by, String model, String alias) {
        ModelVersion version = models.findByAlias(by, model, alias)
                .orElseThrow(() -> new Problem.NotFound(
                        "Model " + model + " has no alias '" + alias + "'", "mw model show " + model));
        return pull(by, version, alias);
    }

    /** The bundle of a version by its number as text. */
    public Pull byVersion(Actor by, String model, String number) {
        ModelVersion version = versions.get(by, model, number);
        return pull(by, version, Long.toString(version.version()));
    }

    /** A program that scores in the server's place gets what is deployed, which was judged. */
    private boolean servesInPlace(Actor by, Optional<String> project) {
        return by.kind() == Actor.Kind.MACHINE && access.allows(by, Permission.SERVE, project);
    }

    private Pull pull(Actor by, ModelVersion version, String asked) {
        Optional<String> project = models.get(by, version.name()).project();
        if (project.isPresent()) {
            access.require(by, Permission.SCORE, project.get());
        } else {
            access.require(by, Permission.SCORE);
        }
        String name = version.name() + "/" + version.version();
        String archive = version.bundle()
                .orElseThrow(() -> new Problem.Refused(
                        "Model " + name + " has no bundle", "Register it by a pipeline, which makes one."))
                .archive();
        if (version.handOff().filter(ModelVersion.HandOff::agreed).isEmpty()) {
            throw new Problem.Refused(
                    "Model " + name + " has not passed its hand-off check", "mw model show " + version.name());
        }
        if (!servesInPlace(by, project)) {
            var export = new GovernedAction(GovernedAction.Kind.EXPORT, version.subject(), "", project, Json.object());
            access.requireGate(by, export);
        }
        if (project.isPresent()) {
            clearance.require(version.name(), Long.toString(version.version()), archive);
        }
        var pointer = new Pointer(
                version.name(),
                Long.toString(version.version()),
                asked,
                archive,
                clock.instant(),
                certificates.validUntil(version.subject()));
        return new Pull(version, archive, pointer.sign(certificates.key()), artifacts, certificates);
    }
}

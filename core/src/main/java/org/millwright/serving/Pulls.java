package org.millwright.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/** Gives bundles to scorers in other processes: what may answer here may answer there, and nothing else. */
public final class Pulls {
    private final Models models;
    private final Versions versions;
    private final Artifacts artifacts;
    private final Access access;
    private final Clearance clearance;

    public Pulls(Models models, Versions versions, Artifacts artifacts, Access access, Clearance clearance) {
        this.models = models;
        this.versions = versions;
        this.artifacts = artifacts;
        this.access = access;
        this.clearance = clearance;
    }

    /** A version's bundle, which the caller may have. */
    public static final class Pull {
        private final ModelVersion version;
        private final String archive;
        private final Artifacts artifacts;

        private Pull(ModelVersion version, String archive, Artifacts artifacts) {
            this.version = version;
            this.archive = archive;
            this.artifacts = artifacts;
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
        return pull(by, version);
    }

    /** The bundle of a version by its number as text. */
    public Pull byVersion(Actor by, String model, String number) {
        return pull(by, versions.get(by, model, number));
    }

    private Pull pull(Actor by, ModelVersion version) {
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
        if (project.isPresent()) {
            clearance.require(version.name(), Long.toString(version.version()), archive);
        }
        return new Pull(version, archive, artifacts);
    }
}

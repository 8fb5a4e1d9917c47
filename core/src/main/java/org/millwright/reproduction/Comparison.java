package org.millwright.reproduction;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.Trees;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.bundle.ModelFormat;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/** The model that was made again beside the one in the version's bundle: its files, then its predictions. */
final class Comparison {
    private final Recording recording;
    private final Rerun rerun;
    private final Workbench workbench;
    private final Trees trees;

    Comparison(Recording recording, Rerun rerun, Workbench workbench, Trees trees) {
        this.recording = recording;
        this.rerun = rerun;
        this.workbench = workbench;
        this.trees = trees;
    }

    /**
     * What was found.
     *
     * @param why in one sentence
     * @param exact how the predictions compare when none may differ; empty when the files are the same
     */
    record Found(Verdict verdict, String why, String before, String now, Optional<Agreement> exact, double tolerance) {
        ObjectNode json() {
            ObjectNode json = Json.object();
            json.putObject("artifact").put("recorded", before).put("again", now);
            exact.ifPresent(agreement -> {
                ObjectNode predictions = json.putObject("predictions")
                        .put("rows", agreement.rows())
                        .put("differ", agreement.disagreements())
                        .put("largest", agreement.largest())
                        .put("tolerance", tolerance);
                predictions.set("examples", Json.tree(agreement.examples()));
            });
            return json;
        }
    }

    /** The version's bundle, verified; kept in the folder. */
    static Bundle bundle(Recording recording, Trees trees, Collection<TrustedKey> keys, Path folder) {
        String archive = recording.version().bundle().orElseThrow().archive();
        try (InputStream in = trees.artifacts().open(archive)) {
            BundleArchive.unpack(in, folder);
            return Bundle.open(folder, keys);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot open the bundle of " + recording.version().subject(), e);
        } catch (Untrusted e) {
            throw new CannotRerun(Cause.NO_RECORD, "Its bundle does not verify: " + e.getMessage());
        }
    }

    Found of(Bundle bundle) {
        double tolerance = recording.file().handOff().tolerance();
        Output before = recording.isPortable() ? recording.portable() : recording.model();
        Output now = now();
        String was = digest(before);
        String is = digest(now);
        if (was.equals(is)) {
            return new Found(
                    Verdict.BIT_IDENTICAL, "The files that score are the same", was, is, Optional.empty(), tolerance);
        }
        try (Model old = old(bundle, before);
                Model made = made(bundle, now)) {
            Frame inputs = bundle.probe().inputs();
            Frame expected = old.predict(inputs);
            Frame got = made.predict(inputs);
            Agreement exact = Agreement.between(expected, got, 0);
            if (exact.holds()) {
                String why = "Other bytes, but the same prediction for each of " + exact.rows() + " recorded rows";
                return new Found(Verdict.SAME_PREDICTIONS, why, was, is, Optional.of(exact), tolerance);
            }
            boolean within = Agreement.between(expected, got, tolerance).holds();
            String why = exact.disagreements() + " of " + exact.rows()
                    + " recorded rows are predicted otherwise, by at most " + exact.largest()
                    + (within ? ", within" : ", beyond") + " the tolerance of " + tolerance;
            return new Found(
                    within ? Verdict.WITHIN_TOLERANCE : Verdict.DIFFERENT, why, was, is, Optional.of(exact), tolerance);
        } catch (IOException | ModelFailure | InvalidInput e) {
            String why = "The model that was made again does not predict the recorded rows: " + e.getMessage();
            return new Found(Verdict.DIFFERENT, why, was, is, Optional.empty(), tolerance);
        }
    }

    private Output now() {
        Map<String, Output> made = rerun.made().get(recording.handOff().id());
        Output portable = made == null ? null : made.get("portable");
        if (portable == null) {
            throw new IllegalStateException("the hand-off gave no portable form");
        }
        if (recording.isPortable()) {
            return portable;
        }
        return rerun.context(recording.handOff(), recording.file().environment().threads())
                .input("model");
    }

    private String digest(Output output) {
        return Json.digest(Content.of(trees, output).digests());
    }

    private Model old(Bundle bundle, Output before) {
        return recording.isPortable()
                ? bundle.load()
                : original(bundle.manifest().signature(), before);
    }

    private Model made(Bundle bundle, Output now) throws IOException {
        Signature signature = bundle.manifest().signature();
        if (!recording.isPortable()) {
            return original(signature, now);
        }
        ModelFormat format = ModelFormat.of(now.info().path("runtime").asText());
        if (format == ModelFormat.PYTHON) {
            throw new ModelFailure(
                    "it has no portable form now: " + now.info().path("why").asText());
        }
        return format.load(Files.readAllBytes(trees.single(now.digest())), signature);
    }

    private Model original(Signature signature, Output model) {
        var context = rerun.context(
                recording.handOff(), recording.file().environment().threads());
        return workbench.original(context, rerun.environment(), model.digest(), signature);
    }
}

package org.millwright.pipeline.steps;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.millwright.dataset.Contract;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.dataset.LiveRules;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Source;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.scoring.profile.ContractChecks;

/** The contracts of the datasets that a run used, each as it was when the newest of their versions was checked against it. */
public final class UpstreamContracts {
    private final Datasets datasets;
    private final Sources sources;
    private final Supplier<PipelineRuns> runs;

    /** @param runs those of the pipelines that these steps are part of */
    public UpstreamContracts(Datasets datasets, Sources sources, Supplier<PipelineRuns> runs) {
        this.datasets = datasets;
        this.sources = sources;
        this.runs = runs;
    }

    /**
     * What the contracts say of a model's inputs.
     *
     * @param refs of the dataset versions that the run used
     */
    ContractChecks of(StepContext context, Collection<String> refs, List<String> inputs) {
        Map<String, DatasetVersion> newest = new LinkedHashMap<>();
        for (String ref : refs) {
            DatasetVersion version = datasets.get(ref);
            newest.merge(
                    version.dataset(),
                    version,
                    (one, other) -> other.period().compareTo(one.period()) < 0 ? one : other);
        }
        var tables = new ArrayList<ContractTable>();
        var lost = new ArrayList<ContractChecks.Unchecked>();
        newest.values().stream()
                .filter(version -> !version.contract().isEmpty())
                .forEach(version -> find(context, version)
                        .ifPresentOrElse(
                                tables::add,
                                () -> lost.add(new ContractChecks.Unchecked(
                                        new ContractCheck.Source(
                                                version.contract(), version.contractDigest(), version.dataset(), "all"),
                                        "the files with the contract of " + version.ref() + " are not kept"))));
        ContractChecks found = LiveRules.of(tables, inputs);
        lost.addAll(found.unchecked());
        return new ContractChecks(found.checks(), lost);
    }

    /** The contract that the version was checked against: that of the run that took it in, or of this run. */
    private Optional<ContractTable> find(StepContext context, DatasetVersion version) {
        Stream<String> ingest = version.origin().run().flatMap(runs.get()::find).map(PipelineRun::sourceId).stream();
        return Stream.concat(ingest, Stream.of(context.source().id()))
                .flatMap(source -> tables(source, version.dataset()))
                .filter(table -> table.digest().equals(version.contractDigest()))
                .findFirst();
    }

    /** What any pipeline of these files promises of the dataset; nothing when they are gone. */
    private Stream<ContractTable> tables(String sourceId, String dataset) {
        try {
            Source source = sources.get(sourceId);
            List<String> files = runs.get().check(sourceId).pipelines().values().stream()
                    .flatMap(pipeline -> pipeline.steps().stream())
                    .filter(step ->
                            step.kind().equals("ingest") && step.text("dataset").equals(dataset))
                    .map(step -> step.text("contract"))
                    .filter(file -> !file.isEmpty())
                    .distinct()
                    .toList();
            return files.stream()
                    .flatMap(file -> Contract.parse(file, sources.text(source, file)).find(dataset).stream())
                    .toList()
                    .stream();
        } catch (Problem.NotFound | Problem.Invalid e) {
            return Stream.empty();
        }
    }
}

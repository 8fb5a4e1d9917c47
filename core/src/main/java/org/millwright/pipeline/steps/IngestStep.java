package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.dataset.Acquisition;
import org.millwright.dataset.Contract;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.dataset.Origin;
import org.millwright.dataset.RuleResult;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;

/**
 * Steps of kind {@code ingest}: files {@code DATASET/PERIOD.parquet} (or .csv) of a folder become dataset versions.
 *
 * <p>The step is refused when a file breaks its contract; that file is kept in quarantine, the good ones are in.
 */
public final class IngestStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "ingest",
            1,
            List.of(
                    need("dataset", StepKind.Form.TEXT),
                    need("from", StepKind.Form.REFERENCE),
                    may("contract", StepKind.Form.FILE)),
            Map.of("dataset", OutputType.DATASET),
            false,
            false);
    private static final int SHOWN = 8;

    private final Datasets datasets;
    private final Sources sources;
    private final Trees trees;

    public IngestStep(Datasets datasets, Sources sources, Trees trees) {
        this.datasets = datasets;
        this.sources = sources;
        this.trees = trees;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void prepare() {
        datasets.prepare();
    }

    @Override
    public void check(Yaml.Value entry, Function<String, Optional<String>> text) {
        entry.get("contract")
                .ifPresent(file -> text.apply(file.asText()).ifPresent(written -> {
                    String dataset = entry.text("dataset");
                    if (Contract.parse(file.asText(), written).find(dataset).isEmpty()) {
                        file.error(file.asText() + " promises nothing about '" + dataset
                                + "' (expected: a table of that name)");
                    }
                }));
    }

    @Override
    public Result run(StepContext context) {
        String dataset = context.step().text("dataset");
        String digest = context.input("from").digest();
        Optional<ContractTable> contract = contract(context, dataset);
        Path folder = new Workspace(context, trees).folder("incoming");
        trees.extract(digest, folder, path -> path.startsWith(dataset + "/"));
        var versions = new ArrayList<DatasetVersion>();
        for (Trees.Entry file : trees.list(digest)) {
            if (file.path().startsWith(dataset + "/")) {
                versions.add(acquire(context, dataset, folder.resolve(file.path()), contract));
            }
        }
        if (versions.isEmpty()) {
            throw new Problem.Invalid(
                    "The folder has no file " + dataset + "/PERIOD.parquet",
                    "Let the step before write one, such as " + dataset + "/2013-01.parquet.");
        }
        requireAccepted(versions);
        long rows = versions.stream().mapToLong(DatasetVersion::rows).sum();
        return new Result(
                List.of(DatasetOutput.of("dataset", dataset, versions)),
                versions.size() + (versions.size() == 1 ? " version, " : " versions, ") + rows + " rows");
    }

    private Optional<ContractTable> contract(StepContext context, String dataset) {
        String file = context.step().text("contract");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<ContractTable> table =
                Contract.parse(file, sources.text(context.source(), file)).find(dataset);
        if (table.isEmpty()) {
            throw new Problem.Invalid(file + " promises nothing about '" + dataset + "'", "Add it under schema.");
        }
        return table;
    }

    private DatasetVersion acquire(StepContext context, String dataset, Path file, Optional<ContractTable> contract) {
        String name = file.getFileName().toString();
        String period = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        DatasetVersion version = datasets.acquire(
                context.actor(),
                new Acquisition(
                        context.project().name(),
                        dataset,
                        period,
                        file,
                        contract,
                        new Origin(name, Optional.of(context.run().id()))));
        context.log()
                .say(version.ref() + ": " + version.rows() + " rows" + (version.isAccepted() ? "" : ", quarantined"));
        version.report().ifPresent(report -> report.broken().forEach(result -> explain(context, result)));
        return version;
    }

    private static void explain(StepContext context, RuleResult result) {
        context.log().say("  " + result.severity() + " " + result.line());
        result.samples().stream()
                .limit(3)
                .forEach(sample -> context.log().say("    row " + sample.row() + ": " + sample.values()));
    }

    private static void requireAccepted(List<DatasetVersion> versions) {
        for (DatasetVersion version : versions) {
            if (!version.isAccepted()) {
                List<String> broken = version.report()
                        .map(report ->
                                report.broken().stream().map(RuleResult::line).toList())
                        .orElse(List.of());
                throw new Problem.Refused(
                        version.ref() + " breaks its contract and is quarantined: "
                                + String.join("; ", broken.subList(0, Math.min(SHOWN, broken.size())))
                                + (broken.size() > SHOWN ? "; and " + (broken.size() - SHOWN) + " more" : ""),
                        "mw data show " + version.ref() + " lists the failing rows.");
            }
        }
    }
}

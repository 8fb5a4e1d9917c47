package org.millwright.scoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.millwright.scoring.Frame;
import org.millwright.scoring.learner.Binning;
import org.millwright.scoring.learner.RegressionTree;
import org.millwright.scoring.metrics.Ranks;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * Drift of all columns together: how well a classifier tells current rows from those of the reference, on rows that it did
 * not learn from. It sees what no column shows alone, such as a correlation that is gone.
 *
 * @param auc area under its ROC curve with DeLong's 95 % interval: 0.5 when the two cannot be told apart, 1 when always
 * @param columns share of each column in telling them apart, the largest first
 * @param rows of both sides that were used
 */
public record DomainClassifier(Estimate auc, List<Share> columns, long rows, DriftVerdict verdict) {
    /** From here on two sets of rows are taken for different, as in NannyML. */
    public static final double ALERT = 0.65;

    /** Rows of each side that are enough. */
    public static final int ENOUGH = 20_000;

    private static final int FOLDS = 5;
    private static final long SEED = 7;

    public DomainClassifier {
        columns = List.copyOf(columns);
    }

    /** How much a column contributes, 0 to 1. */
    public record Share(String column, double share) {}

    /** Tells the two apart by the columns of the reference; each side should be a sample of at most {@link #ENOUGH} rows. */
    public static DomainClassifier of(Frame reference, Frame current, int minRows) {
        if (Math.min(reference.rows(), current.rows()) < Math.max(minRows, FOLDS)) {
            Estimate unknown = new Estimate(Double.NaN, Double.NaN, Double.NaN);
            return new DomainClassifier(
                    unknown, List.of(), (long) reference.rows() + current.rows(), DriftVerdict.INSUFFICIENT);
        }
        var binning = new Binning(reference);
        int[][] bins = joined(binning.bins(reference), binning.bins(current));
        int n = reference.rows() + current.rows();
        boolean[] isCurrent = new boolean[n];
        Arrays.fill(isCurrent, reference.rows(), n, true);
        int[] fold = folds(n);
        double[] scores = new double[n];
        double[] gains = new double[reference.width()];
        for (int f = 0; f < FOLDS; f++) {
            int out = f;
            int[] learned = IntStream.range(0, n).filter(i -> fold[i] != out).toArray();
            RegressionTree tree = RegressionTree.fit(
                    chosen(bins, learned), binning.counts(), binning.ordered(), targets(isCurrent, learned));
            double[] own = tree.gains();
            Arrays.setAll(gains, c -> gains[c] + own[c]);
            IntStream.range(0, n).filter(i -> fold[i] == out).forEach(i -> scores[i] = tree.predict(bins, i));
        }
        Estimate auc = Ranks.rocAucEstimate(scores, isCurrent);
        boolean differ = auc.value() >= ALERT && auc.low() > 0.5;
        return new DomainClassifier(
                auc, shares(reference.names(), gains), n, differ ? DriftVerdict.DRIFT : DriftVerdict.OK);
    }

    private static int[][] joined(int[][] first, int[][] second) {
        int[][] joined = new int[first.length][];
        for (int c = 0; c < first.length; c++) {
            joined[c] = Arrays.copyOf(first[c], first[c].length + second[c].length);
            System.arraycopy(second[c], 0, joined[c], first[c].length, second[c].length);
        }
        return joined;
    }

    /** As many rows in each fold, at random. */
    private static int[] folds(int n) {
        int[] fold = new int[n];
        Arrays.setAll(fold, i -> i % FOLDS);
        var random = new SplittableRandom(SEED);
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = fold[i];
            fold[i] = fold[other];
            fold[other] = kept;
        }
        return fold;
    }

    private static int[][] chosen(int[][] columns, int[] rows) {
        int[][] chosen = new int[columns.length][];
        for (int c = 0; c < columns.length; c++) {
            int[] column = columns[c];
            chosen[c] = Arrays.stream(rows).map(i -> column[i]).toArray();
        }
        return chosen;
    }

    private static double[] targets(boolean[] isCurrent, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> isCurrent[i] ? 1 : 0).toArray();
    }

    private static List<Share> shares(List<String> names, double[] gains) {
        double sum = Arrays.stream(gains).sum();
        List<Share> shares = new ArrayList<>();
        for (int c = 0; c < gains.length; c++) {
            shares.add(new Share(names.get(c), sum == 0 ? 0 : gains[c] / sum));
        }
        shares.sort(Comparator.comparingDouble(share -> -share.share()));
        return shares;
    }
}

package org.millwright.scoring.profile;

/** Powers of a square matrix whose entries may leave the range of double. */
final class Powers {
    private Powers() {}

    /** The n-th power in rows 0 … m−1; row m holds the power of ten that everything is to be multiplied with. */
    static double[][] of(double[][] matrix, int n) {
        int m = matrix.length;
        double[][] result = identity(m);
        double[][] base = matrix;
        double resultExponent = 0;
        double baseExponent = 0;
        for (int rest = n; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = multiply(result, base);
                resultExponent += baseExponent + scale(result);
            }
            if (rest > 1) {
                base = multiply(base, base);
                baseExponent = 2 * baseExponent + scale(base);
            }
        }
        double[][] power = new double[m + 1][];
        System.arraycopy(result, 0, power, 0, m);
        power[m] = new double[] {resultExponent};
        return power;
    }

    private static double[][] identity(int m) {
        double[][] matrix = new double[m][m];
        for (int i = 0; i < m; i++) {
            matrix[i][i] = 1;
        }
        return matrix;
    }

    private static double scale(double[][] matrix) {
        int middle = matrix.length / 2;
        if (matrix[middle][middle] <= 1e140) {
            return 0;
        }
        for (double[] row : matrix) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= 1e-140;
            }
        }
        return 140;
    }

    private static double[][] multiply(double[][] a, double[][] b) {
        int m = a.length;
        double[][] product = new double[m][m];
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < m; k++) {
                double factor = a[i][k];
                if (factor != 0) {
                    for (int j = 0; j < m; j++) {
                        product[i][j] += factor * b[k][j];
                    }
                }
            }
        }
        return product;
    }
}

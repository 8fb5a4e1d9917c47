/** Whether a model treats groups of people or things alike. */
@NullMarked
package org.millwright.scoring.fairness;

import org.jspecify.annotations.NullMarked;

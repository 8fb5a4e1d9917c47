/** The model bundle: a signed folder that holds everything a version needs to be served and audited. */
@NullMarked
package org.millwright.scoring.bundle;

import org.jspecify.annotations.NullMarked;

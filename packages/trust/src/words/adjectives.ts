/**
 * The 1389 adjectives of three-word names, in the order that the names depend on (some stand twice).
 * Data of status-go, protocol/identity/alias: Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/), this file alone.
 */
export const ADJECTIVES: string = `
Able Absolute Academic Acceptable Acclaimed Accomplished Accurate Aching Acidic Acrobatic Adorable
Adventurous Babyish Back Baggy Bare Basic Beautiful Belated Beloved Bitter Calculating Calm Candid Canine
Capital Carefree Careful Careless Caring Cautious Cavernous Celebrated Charming Damp Dangerous Dapper
Daring Dark Darling Dazzling Deadly Deafening Dear Dearest Each Eager Early Earnest Easy Easygoing
Ecstatic Edible Educated Elderly Fabulous Failing Faint Fair Faithful Familiar Famous Fancy Fantastic Far
Faraway Farflung Faroff Gargantuan Gaseous General Generous Gentle Genuine Giant Giddy Gigantic Hairy Half
Handmade Handsome Handy Happy Happygolucky Hard Icky Icy Ideal Idealistic Identical Idle Idolized Ill
Jaded Jagged Jampacked Kaleidoscopic Keen Lanky Large Last Lasting Lavish Lawful Madeup Magnificent
Majestic Major Mammoth Marvelous Married Naive Narrow Nasty Natural Oblong Obvious Occasional Oily
Palatable Pale Paltry Parallel Parched Partial Passionate Past Pastel Peaceful Peppery Perfect Perfumed
Quaint Qualified Radiant Ragged Rapid Rare Rash Raw Recent Reckless Rectangular Safe Salty Same Sandy Sane
Sarcastic Sardonic Satisfied Scaly Scarce Scary Scented Scholarly Scientific Scornful Scratchy Scrawny
Second Secondary Secret Selfassured Selfreliant Sentimental Single Talkative Tall Tame Tan Tangible Tart
Tasty Tattered Taut Tedious Teeming Ultimate Unaware Uncommon Unconscious Understated Unequaled Vacant
Vague Vain Valid Wan Warlike Warm Warmhearted Warped Wary Wasteful Watchful Waterlogged Watery Wavy Weak
Weird Yawning Yearly Zany Active Actual Adept Admirable Admired Adolescent Adorable Adored Advanced
Affectionate Afraid Aged Aggravating Beneficial Best Better Bewitched Big Bighearted Biodegradable
Bitesized Cheerful Cheery Chief Chilly Chubby Circular Classic Clean Clear Clearcut Clever Close Closed
Decent Decimal Decisive Deep Defenseless Defensive Defiant Deficient Definite Definitive Delayed
Delectable Delicious Elaborate Elastic Elated Electric Elegant Elementary Elliptical Fast Fatal Favorable
Favorite Fearless Feisty Feline Few Fickle Gifted Giving Glamorous Glaring Glass Gleaming Gleeful
Glistening Glittering Gross Hardtofind Harmful Harmless Harmonious Harsh Hasty Haunting Illustrious
Imaginary Imaginative Immaculate Immaterial Immediate Immense Impassioned Jaunty Jealous Jittery Key Kind
Leading Leafy Lean Left Legal Legitimate Light Massive Mature Meager Mealy Mean Measly Meaty Medical
Mediocre Nautical Near Neat Necessary Needy Odd Oddball Offbeat Official Old Periodic Perky Personal
Pertinent Pesky Pessimistic Petty Physical Piercing Pink Pitiful Plain Quarrelsome Quarterly Ready Real
Realistic Reasonable Red Reflecting Regal Regular Separate Serene Serious Serpentine Several Severe Shabby
Shadowy Shady Shallow Sharp Shimmering Shiny Shocked Shocking Shoddy Short Shortterm Showy Shrill Shy
Silent Silky Tempting Tender Tense Tepid Terrific Testy Thankful That These Tremendous Uneven Unfinished
Unfolded Uniform Unique Valuable Vapid Variable Vast Velvety Wealthy Weary Webbed Wee Weekly Weepy Weighty
Welcome Welldocumented Yellow Zealous Aggressive Agile Agitated Agonizing Agreeable Ajar Alarmed Alarming
Alert Alienated Alive All Altruistic Bland Blank Blaring Bleak Blind Blissful Blond Blue Blushing Cloudy
Clueless Clumsy Cluttered Coarse Cold Colorful Colorless Colossal Comfortable Common Compassionate
Competent Complete Delightful Demanding Dense Dental Dependable Dependent Descriptive Deserted Detailed
Determined Devoted Different Embellished Eminent Emotional Empty Enchanted Enchanting Energetic
Enlightened Enormous Fine Finished Firm First Firsthand Fitting Fixed Flaky Flamboyant Flashy Flat
Flawless Flickering Gloomy Glorious Glossy Glum Golden Good Goodnatured Gorgeous Graceful Healthy
Heartfelt Hearty Heavenly Heavy Hefty Helpful Humongous Impartial Impeccable Imperfect Imperturbable
Important Impossible Impractical Impressionable Impressive Improbable Joint Jolly Jovial Juvenile
Kindhearted Kindly Lighthearted Likable Likely Limited Limp Limping Linear Lined Liquid Medium Meek Mellow
Melodic Memorable Menacing Merry Messy Metallic Mild Negative Neglected Negligible Neighboring Nervous New
Oldfashioned Only Open Optimal Optimistic Opulent Plaintive Plastic Playful Pleasant Pleased Pleasing
Plump Plush Pointed Pointless Poised Polished Polite Political Pungent Queasy Querulous Reliable Relieved
Remarkable Remorseful Remote Repentant Required Respectful Responsible Silly Silver Similar Simple
Simplistic Sizzling Skeletal Skinny Sleepy Slight Slim Slimy Slippery Slow Slushy Small Smart Smoggy
Smooth Smug Snappy Snarling Sneaky Sniveling Snoopy Thick Thin Third Thirsty This Thorny Thorough Those
Thoughtful Threadbare United Unkempt Unknown Unlined Unnatural Unrealistic Venerated Vengeful Verifiable
Vibrant Vicious Wellgroomed Wellinformed Welllit Wellmade Welloff Welltodo Wellworn Wet Which Whimsical
Whirlwind Whispered Worse Writhing Yellowish Zesty Amazing Ambitious Ample Amused Amusing Anchored Ancient
Angelic Angry Anguished Animated Annual Another Antique Bogus Boiling Bold Bony Boring Bossy Both Bouncy
Bountiful Bowed Complex Complicated Composed Concerned Concrete Confused Conscious Considerate Constant
Content Conventional Cooked Cool Cooperative Difficult Digital Diligent Dim Dimpled Dimwitted Direct
Discrete Entire Envious Equal Equatorial Essential Esteemed Ethical Euphoric Flimsy Flippant Flowery
Fluffy Fluid Flustered Focused Fond Foolhardy Foolish Forceful Forked Formal Forsaken Gracious Grand
Grandiose Granular Grateful Grave Gray Great Greedy Green Hidden High Highlevel Hilarious Hoarse Hollow
Homely Inborn Incomparable Incompatible Incomplete Inconsequential Incredible Indelible Indolent
Inexperienced Infamous Infantile Joyful Joyous Jubilant Klutzy Knobby Little Live Lively Livid Lone Long
Milky Mindless Miniature Minor Minty Misguided Misty Mixed Next Nice Nifty Nimble Nippy Orange Orderly
Ordinary Organic Ornate Ornery Poor Popular Portly Posh Positive Possible Potable Powerful Powerless
Practical Precious Present Prestigious Questionable Quick Revolving Rewarding Rich Right Rigid Ringed Ripe
Sociable Soft Soggy Solid Somber Some Sophisticated Sore Sorrowful Soulful Soupy Sour Spanish Sparkling
Sparse Specific Spectacular Speedy Spherical Spicy Spiffy Spirited Spiteful Splendid Spotless Spotted Spry
Thrifty Thunderous Tidy Tight Timely Tinted Tiny Tired Torn Total Unripe Unruly Unselfish Unsightly
Unsteady Unsung Untidy Untimely Untried Victorious Vigilant Vigorous Villainous Violet Whole Whopping
Wicked Wide Wideeyed Wiggly Wild Willing Wilted Winding Windy Young Zigzag Anxious Any Apprehensive
Appropriate Apt Arctic Arid Aromatic Artistic Assured Astonishing Athletic Brave Breakable Brief Bright
Brilliant Brisk Broken Bronze Brown Bruised Coordinated Corny Corrupt Costly Courageous Courteous Crafty
Crazy Creamy Creative Creepy Crisp Dirty Disguised Distant Distant Distinct Distorted Dizzy Dopey
Downright Dreary Even Evergreen Everlasting Every Evil Exalted Excellent Excitable Exemplary Exhausted
Forthright Fortunate Fragrant Frail Frank Frayed Free French Frequent Fresh Friendly Frightened
Frightening Gregarious Grim Grimy Gripping Grizzled Grouchy Grounded Honest Honorable Honored Hopeful
Hospitable Hot Huge Infatuated Inferior Infinite Informal Innocent Insecure Insignificant Insistent
Instructive Insubstantial Judicious Juicy Jumbo Knotty Knowing Knowledgeable Longterm Loose Lopsided Lost
Loud Lovable Lovely Loving Modern Modest Moist Monthly Monumental Moral Mortified Motionless Nocturnal
Noisy Nonstop Normal Notable Noted Original Other Our Outgoing Outlandish Outlying Precious Pretty
Previous Pricey Prickly Primary Prime Pristine Private Prize Probable Productive Profitable Quickwitted
Quiet Quintessential Roasted Robust Rosy Rotating Rotten Rough Round Rowdy Square Squeaky Squiggly Stable
Staid Stained Stale Standard Starchy Stark Starry Steel Steep Sticky Stiff Stimulating Stingy Stormy
Strange Strict Strident Striking Striped Strong Studious Stunning Tough Tragic Trained Treasured
Tremendous Triangular Tricky Trifling Trim Untrue Unused Unusual Unwelcome Unwieldy Unwilling Unwitting
Unwritten Upbeat Virtual Virtuous Visible Winged Wiry Wise Witty Wobbly Woeful Wonderful Wooden Woozy
Wordy Worldly Worn Youthful Attached Attentive Attractive Austere Authentic Authorized Automatic
Avaricious Average Aware Awesome Awful Awkward Bubbly Bulky Bumpy Buoyant Burdensome Burly Bustling Busy
Buttery Buzzing Critical Crooked Crowded Crushing Cuddly Cultivated Cultured Cumbersome Curly Curvy Cute
Cylindrical Doting Double Downright Drab Drafty Dramatic Dry Dual Dutiful Excited Exciting Exotic
Expensive Experienced Expert Extralarge Extraneous Extrasmall Extroverted Frilly Frivolous Frizzy Front
Frosty Frozen Frugal Fruitful Full Fumbling Functional Funny Fussy Fuzzy Growing Growling Grown Grubby
Grumpy Guilty Gullible Gummy Humble Humming Hungry Husky Intelligent Intent Intentional Interesting
Internal International Intrepid Ironclad Irresponsible Itchy Jumpy Junior Known Kooky Low Loyal Lucky
Lumbering Luminous Lumpy Lustrous Luxurious Mountainous Muddy Muffled Mundane Murky Mushy Musty Mysterious
Noteworthy Novel Noxious Numb Nutritious Nutty Outrageous Outstanding Oval Overcooked Overdue Overjoyed
Profuse Proper Proud Prudent Punctual Puny Pure Purple Pushy Puzzled Puzzling Quirky Quixotic Quizzical
Royal Rubbery Ruddy Rundown Runny Rural Rusty Stupendous Sturdy Stylish Subdued Substantial Subtle
Suburban Sudden Sugary Sunny Super Superb Superficial Superior Supportive Surefooted Surprised Suspicious
Svelte Sweaty Sweet Sweltering Swift Sympathetic Trivial Troubled Trusting Trustworthy Trusty Truthful
Tubby Turbulent Twin Upright Upset Urban Usable Used Useful Useless Utilized Utter Vital Vivacious Vivid
Voluminous Worst Worthwhile Worthy Wrathful Wry Yummy True Aliceblue Aqua Aquamarine Azure Beige Bisque
Blanchedalmond Blue Blueviolet Brown Burlywood Cadetblue Chartreuse Chocolate Coral Cornflowerblue
Cornsilk Crimson Cyan Darkblue Darkcyan Darkgoldenrod Darkgray Darkgreen Darkgrey Darkkhaki Darkmagenta
Darkolivegreen Darkorange Darkorchid Darkred Darksalmon Darkseagreen Darkslateblue Darkslategray
Darkslategrey Darkturquoise Darkviolet Deeppink Deepskyblue Dimgray Dimgrey Dodgerblue Firebrick
Floralwhite Forestgreen Fractal Fuchsia Gainsboro Ghostwhite Gold Goldenrod Gray Green Greenyellow
Honeydew Hotpink Indianred Indigo Ivory Khaki Lavender Lavenderblush Lawngreen Lemonchiffon Lightblue
Lightcoral Lightcyan Lightgoldenrod Lightgoldenrodyellow Lightgray Lightgreen Lightgrey Lightpink
Lightsalmon Lightseagreen Lightskyblue Lightslateblue Lightslategray Lightsteelblue Lightyellow Lime
Limegreen Linen Magenta Maroon Mediumaquamarine Mediumblue Mediumforestgreen Mediumgoldenrod Mediumorchid
Mediumpurple Mediumseagreen Mediumslateblue Mediumspringgreen Mediumturquoise Mediumvioletred Midnightblue
Mintcream Mistyrose Moccasin Navajowhite Navy Navyblue Oldlace Olive Olivedrab Opaque Orange Orangered
Orchid Palegoldenrod Palegreen Paleturquoise Palevioletred Papayawhip Peachpuff Peru Pink Plum Powderblue
Purple Red Rosybrown Royalblue Saddlebrown Salmon Sandybrown Seagreen Seashell Sienna Silver Skyblue
Slateblue Slategray Slategrey Snow Springgreen Steelblue Tan Teal Thistle Tomato Transparent Turquoise
Violet Violetred Wheat Whitesmoke Yellow Yellowgreen
`

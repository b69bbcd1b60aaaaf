### فضاء الأعوان: اللوائح والملفات والوثائق والشباك والحسابات والسجلات، والتحقق بخطوتين، والرمز المطبوع.

office-home = المكتب
office-home-today = { $date } · { $duties }
office-back = الذهاب إلى المكتب
office-desk = الشباك
office-nothing = لم يفتح بعد أي شيء لمهمتكم
office-nothing-text = حسابكم مفعل. ستفتح هنا صفحات هذه المهمة، ولا شيء مطلوب منكم إلى ذلك الحين.
office-no-duty = مهامكم لم تصبح سارية بعد
office-no-duty-text = حسابكم مفعل، لكن لا مهمة سارية لديكم بعد. في الغالب لم يسجل هل أنتم منخرطون أيضا: دون ذلك لا يفتح أي ملف، حتى لا يعالج أحد ملفه. اطلبوا من مدير الحسابات تسجيل رقم تأجيركم، أو أنكم غير منخرطين، والتحقق من مهامكم؛ ثم ادخلوا من جديد.

rail-label = أقسام المكتب
rail-queues = لوائحي
rail-work = العمل

role-front-desk = الشباك
role-case-officer = الدراسة
role-health-reviewer = الرأي الطبي
role-validator = المصادقة
role-finance = المالية
role-administrator = الإدارة
role-auditor = الافتحاص
role-other = مهمة أخرى
role-note-front-desk = يستقبل المنخرطين ويطبع رموز التفعيل. لا يجمع مع الافتحاص.
role-note-case-officer = يدرس ويقترح دون الاطلاع على أي وثيقة طبية. لا يجمع مع الرأي الطبي ولا المصادقة ولا الافتحاص.
role-note-health-reviewer = يقرأ الوثائق الطبية ويبدي رأيا. لا يجمع مع الدراسة ولا المصادقة ولا الإدارة ولا الافتحاص.
role-note-validator = يقرر فيما اقترحه غيره. لا يجمع مع الدراسة ولا الرأي الطبي ولا المالية ولا الافتحاص.
role-note-finance = يؤدي ما تقرر. لا يجمع مع المصادقة ولا الافتحاص.
role-note-administrator = يدبر حسابات الأعوان. لا يجمع مع الرأي الطبي ولا الافتحاص.
role-note-auditor = يقرأ السجلات ولا يغير شيئا. لا يجمع مع أي مهمة أخرى.
role-note-other = مهمة غير معروفة.

menu-agent = يراكم زملاؤكم باسم: العون { $code }
actor-you = أنتم
actor-colleague = العون { $code }
actor-member = المنخرط(ة)
actor-other-member = شخص آخر
actor-service = المنصة
actor-app = المنصة
actor-other = المنصة

queue-opinion = الرأي الطبي
queue-examination = للدراسة
queue-validation = للمصادقة
queue-waiting = في انتظار استكمال
queue-all = كل الملفات
queue-other = لائحة أخرى
queue-count = { $count ->
    [0] لا ملف
    [one] ملف واحد
    [two] ملفان
    [few] { $count } ملفات
    [many] { $count } ملفا
   *[other] { $count } ملف
}
queue-unassigned = { $count ->
    [0] كلها مسندة
    [one] ملف واحد غير مسند
    [two] ملفان غير مسندين
    [few] { $count } ملفات غير مسندة
    [many] { $count } ملفا غير مسند
   *[other] { $count } ملف غير مسند
}
queue-mine = { $count ->
    [0] لا شيء عندكم
    [one] ملف واحد عندكم
    [two] ملفان عندكم
    [few] { $count } ملفات عندكم
    [many] { $count } ملفا عندكم
   *[other] { $count } ملف عندكم
}
queue-oldest = { $count ->
    [0] أقدمها من اليوم
    [one] أقدمها ينتظر منذ يوم
    [two] أقدمها ينتظر منذ يومين
    [few] أقدمها ينتظر منذ { $count } أيام
    [many] أقدمها ينتظر منذ { $count } يوما
   *[other] أقدمها ينتظر منذ { $count } يوم
}
queue-unit = { $count ->
    [0] ملف
    [one] ملف
    [two] ملفان
    [few] ملفات
    [many] ملفا
   *[other] ملف
}
queue-nothing = لا شيء ينتظر
queue-look-up = للعثور على ملف مرسل
queue-empty = لا شيء ينتظر هنا
queue-empty-text = تصل الملفات إلى هنا حين يأتي دوركم. تجدون اللوائح الأخرى في العمود.
queue-member-died = منخرط متوفى
queue-no-match = لا ملف يطابق البحث
queue-no-match-text = تحققوا من الرقم أو أزيلوا معيارا.
queue-caption = { $queue }: الملفات، الأقدم أولا
column-number = الرقم
column-member = المنخرط
column-position = الوضعية
column-state = الحالة
column-holder = لدى من
column-days = الأيام
days = { $count ->
    [0] يوم
    [one] يوم
    [two] يومان
    [few] أيام
    [many] يوما
   *[other] يوم
}
days-unit = { $count ->
    [0] يوم
    [one] يوم
    [two] يومان
    [few] أيام
    [many] يوما
   *[other] يوم
}
days-soon = اقترب الأجل
days-late = تجاوز الأجل
filter-label = تصفية الملفات
filter-number = رقم الملف
filter-all-services = كل الخدمات
filter-everybody = لدى الجميع
assigned-me = لدي
assigned-nobody = غير مسندة
assigned-other = لدى غيري
filter-any-age = كل المدد
filter-age = { $count ->
    [one] يوم فأكثر
    [two] يومان فأكثر
    [few] { $count } أيام فأكثر
    [many] { $count } يوما فأكثر
   *[other] { $count } يوم فأكثر
}
filter-apply = تصفية
filter-clear = دون تصفية
page-first = الصفحة الأولى
page-next = الصفحة التالية
keys-move = للتنقل
keys-enter = Enter
keys-open = للفتح

turn-opinion = الرأي الطبي
turn-examination = الدراسة
turn-validation = المصادقة
turn-other = جارية

file-word = الملف
file-back = العودة إلى اللائحة
file-previous = السابق
file-next = التالي
file-age = { $count ->
    [0] أرسل اليوم
    [one] منذ يوم
    [two] منذ يومين
    [few] منذ { $count } أيام
    [many] منذ { $count } يوما
   *[other] منذ { $count } يوم
}
file-take = أخذ الملف
file-take-over = تولي الملف بدل زميل
file-release = إرجاعه إلى اللائحة
file-stop-waiting = إنهاء الانتظار
holder-nobody = لم يأخذ أحد هذا الملف.
holder-ended = انتهت دراسة هذا الملف.
holder-you = هذا الملف عندكم منذ { $when }.
holder-colleague = هذا الملف عند { $agent } منذ { $when }.
member-away = تعذر إظهار الاسم حاليا.
review-request = الطلب
review-account = الحساب المؤكد
review-account-same = حساب ملف الانخراط
review-account-other = تغير بعد الإرسال
review-account-not-mine = ليس حساب المنخرط حسب تصريحه
review-ceiling = الباقي من السقف
review-ceiling-uses = { $left } من أصل { $limit } برسم سنة { $year }، دون احتساب هذا الطلب
file-not-whole = لم يعد هذا الملف كاملا: { $what }. لا يمكن قبوله على هذه الحال؛ اطلبوا تصحيحا، أو اقترحوا الرفض.
file-member-died = المنخرط متوفى: لن يجيب أحد على طلب استكمال، ويمكن إنهاء الانتظار دون أجل. استفسروا لدى الشباك هل تقدمت الأسرة، أو اقترحوا قرارا بناء على ما في الملف.
review-item-other = عنصر آخر
review-away = الخدمة لا تستجيب حاليا. ما كتبتموه محفوظ في الصفحة. أعيدوا المحاولة بعد دقيقة.
answer-yes = نعم
answer-no = لا
currency = درهم
said-by = { $agent }، { $when }
notes-title = ملاحظات بين الأعوان
review-asked-title = الاستكمالات المطلوبة
review-asked-on = تاريخ طلب الاستكمال: { $when }
review-asked-resent = تاريخ إعادة الإرسال: { $when }
review-asked-until = ينتظر الجواب إلى نهاية يوم { $date }
review-asked-ended = تاريخ إنهاء الانتظار: { $when }
review-asked-corrected = تم تصحيحه
text-too-long = اختصروا: { $max } حرف على الأكثر

duty-decided = صدر القرار: لم يعد هذا الملف يتغير.
duty-withdrawn = سحب المنخرط طلبه: لم يعد هذا الملف يتغير.
duty-waits-for-member = طلب استكمال: يعود الملف حين يجيب المنخرط.
duty-turn-opinion = ينتظر الملف رأيا طبيا. يأتي دوركم بعده.
duty-turn-examination = الملف في الدراسة: ينتظر اقتراحا.
duty-turn-validation = ينتظر الاقتراح مصادقة شخص آخر.
duty-you-proposed = أنتم من اقترح هذا القرار: يصادق عليه شخص آخر.
duty-you-gave-the-opinion = أنتم من أبدى الرأي الطبي: يتابعه شخص آخر.
duty-take-first = خذوا الملف أولا: تفتح الاستمارة هنا بعد ذلك.
duty-colleague-has-it = هذا الملف عند { $agent }. لا تتولوه إلا بعد التحدث إليه.
duty-not-now = لا شيء مطلوب من مهمتكم في هذا الملف الآن.

papers-title = الوثائق
papers-which = أي وثيقة؟
papers-why = لماذا تفتحونها؟
papers-open = فتح الوثيقة
papers-logged = يسجل كل فتح باسم حسابكم مع الساعة وهذا السبب، ويطلع عليه الافتحاص.
papers-opened-for = سبب الفتح: { $reason }
papers-open-again = عرض الوثيقة من جديد
papers-once = أعيد رسم الصفحة دون فتح الوثيقة مرة أخرى: كل عرض يسجل.
papers-choose = اختاروا
papers-closed = انتهى هذا الملف: لا تفتح وثائقه إلا لمن عالجه، من أجل تظلم أو مراقبة.
papers-infected = رصد مضاد الفيروسات خطرا في هذا الملف بعد استلامه: لا يفتح لأحد. أُخبر المنخرط بذلك؛ اطلبوا منه الوثيقة من جديد، والسبب محدد مسبقا في الاستمارة.
papers-enlarge = تكبير
papers-not-now = خذوا الملف لفتح وثائقه.
papers-opinion-given = أعطيتم رأيكم: يعاد فتح الوثائق إذا رجع الملف إلى الرأي الطبي.
papers-not-your-turn = لا تفتح الوثائق لمهمتكم في هذه المرحلة.
papers-withheld = { $count ->
    [one] وثيقة واحدة لا يقرؤها إلا الطبيب المكلف بإبداء الرأي
    [two] وثيقتان لا يقرؤهما إلا الطبيب المكلف بإبداء الرأي
    [few] { $count } وثائق لا يقرؤها إلا الطبيب المكلف بإبداء الرأي
   *[other] { $count } وثيقة لا يقرؤها إلا الطبيب المكلف بإبداء الرأي
}
opening-assessment = دراسة الملف
opening-corrected-paper = وثيقة جديدة من المنخرط
opening-appeal = تظلم
opening-quality-check = مراقبة الجودة
opening-own-paper = وثيقته الخاصة
opening-grant-of-another = إذن عون آخر
opening-infected = رصد مضاد الفيروسات خطرا في الملف
opening-not-scanned = لم يفحصها مضاد الفيروسات
opening-not-the-owner = وثيقة شخص آخر
opening-other = سبب آخر
opening-missing = اختاروا الوثيقة والسبب

opinion-title = الرأي الطبي
opinion-form = إبداء الرأي الطبي
opinion-choose = رأيي
opinion-favourable = موافق
opinion-unfavourable = غير موافق
opinion-open-first = يستند الرأي إلى الوثائق: لا يسجل إلا بعد فتح إحداها.
opinion-missing = اختاروا رأيا
opinion-send = تسجيل الرأي
opinion-never-why = رأي ومبلغ فقط، دون أي تشخيص أو علاج.
retained-cost = المصاريف المعتمدة
retained-cost-hint = ما تتحمله الأسرة بعد كل التعويضات
retained-cost-problem = اكتبوا مبلغا أكبر من صفر ولا يتجاوز { $max }، مثل 12 500,00

propose-form = اقتراح قرار
propose-choose = أقترح
propose-grant = القبول
propose-grant-note = يحسب المبلغ بالقاعدة انطلاقا من المصاريف المعتمدة والباقي من السقف.
propose-grant-note-plain = يحسب المبلغ بالقاعدة انطلاقا من أجوبة الملف.
propose-refuse = الرفض
propose-send = إرسال الاقتراح
propose-note = يصادق عليه شخص آخر، ولا يتقرر شيء قبل ذلك.
recommendation-missing = اختاروا ما تقترحونه
proposal-title = الاقتراح
proposal-grant = القبول
proposal-refuse = الرفض
refusal-reason = سبب الرفض
refusal-reason-missing = اختاروا سبب الرفض

validate-form = المصادقة
validate-choose = أقرر
validate-grant = قبول { $amount }
validate-refuse = الرفض
validate-send-back = إرجاع الملف
validate-send = تسجيل القرار
validate-note = يتم إخبار المنخرط فورا بالقبول أو الرفض، ولا يمكن تغييره بعد ذلك.
verdict-missing = اختاروا ما تقررونه
refusal-sentence-ar = الجملة الموجهة للمنخرط بالعربية
refusal-sentence-fr = الجملة الموجهة للمنخرط بالفرنسية
refusal-sentence-problem = اكتبوا جملة من 10 إلى 600 حرف
refusal-sentence-not-ar = اكتبوا الجملة العربية بالعربية: ليس في هذه أي حرف عربي
refusal-sentence-not-fr = اكتبوا الجملة الفرنسية بالفرنسية: في هذه حروف عربية
refusal-suggestions = جمل مقترحة حسب السبب
send-back-to = إلى من؟
send-back-where = اختاروا إلى من يعود الملف
send-back-note = السبب، للزملاء
review-decision-title = القرار
review-decision-granted = مقبول
review-decision-refused = مرفوض

ask-form = طلب استكمال
ask-lead = يوجه المنخرط إلى الجواب أو الوثيقة المعنية مباشرة.
ask-what = ما الذي يجب تصحيحه؟
ask-cause = لماذا؟
ask-note = توضيح للمنخرط (اختياري)
ask-send = طلب الاستكمال
ask-nothing = ضعوا علامة على جواب أو وثيقة على الأقل
ask-too-many = ضعوا علامة على { $max } عناصر على الأكثر
cause-incorrect = غير صحيح
cause-incomplete = ناقص
cause-outdated = قديم
cause-unsafe-file = ملف ضار، يلزم ملف آخر
cause-missing = اختاروا السبب
cause-other = يحتاج إلى تصحيح

note-form = كتابة ملاحظة
note-label = ملاحظة للزملاء
note-hint = لا يراها المنخرط. دون أي معطى طبي.
note-send = حفظ الملاحظة
note-missing = اكتبوا الملاحظة

done-assign = الملف عندكم.
done-take-over = توليتم الملف بدل زميلكم.
done-release = عاد الملف إلى اللائحة.
done-opinion = تم تسجيل الرأي. تتواصل الدراسة.
done-ask = تم طلب الاستكمال وإخبار المنخرط.
done-propose = تم تسجيل الاقتراح. يصادق عليه شخص آخر.
done-grant = تم تسجيل القرار: مقبول. وتم إخبار المنخرط.
done-refuse = تم تسجيل القرار: مرفوض. وتم إخبار المنخرط.
done-send-back = تم إرجاع الملف.
done-note = تم حفظ الملاحظة.
done-roles = تم حفظ المهام. على العون أن يدخل من جديد.
done-membership = تم حفظ صفة المنخرط. على العون أن يدخل من جديد.
done-factor = تم إلغاء التحقق بخطوتين: يعيد العون تفعيله عند الدخول المقبل.
done-disable = تم إغلاق الحساب.
done-stop-waiting = يدرس الملف كما هو.
done-other = تم الحفظ.

conflict-title = تغير هذا الملف وأنتم تكتبون
conflict-title-nothing = تغير هذا الملف في هذه الأثناء
conflict-by = { $agent }: { $what }.
conflict-unknown = قام شخص آخر بتعديله.
conflict-copy = لم يسجل شيء من استمارتكم، ولم يعد إرسالها ممكنا من هنا. ما كتبتموه مبين أسفله: انسخوه إن احتجتم إليه.
unsent-title = ما كتبتموه ولم يسجل
conflict-kept = لم يسجل شيء من استمارتكم، وما كتبتموه ما زال هنا: أعيدوا قراءة الملف ثم أعيدوا الإرسال إذا كان ما يزال صحيحا.
conflict-nothing = لم يتم أي إجراء. تعرض الصفحة الملف على حالته الآن.

trail-title = سجل الملف
trail-back = رجوع
trail-lead = كل ما تم في هذا الملف، الأحدث أولا.
trail-intact = سلسلة السجل سليمة: لم يغير أي سطر ولم يحذف.
trail-broken = سلسلة السجل منقطعة: تم تغيير سطر أو حذفه. أخبروا الإدارة.
trail-empty = لم يسجل شيء بعد.
trail-when = التاريخ
trail-who = القائم بالعملية
trail-what = العملية
trail-fields = ما تغير
audit-heading = الافتحاص
audit-lead = سجل كل ملف، ومن فتح أي وثيقة ومتى ولماذا.
audit-find-file = البحث عن ملف
audit-started = بداية الطلب
audit-answered = تسجيل جواب
audit-submitted = إرسال الطلب
audit-looked-at = الاطلاع على الملف
audit-resent = إرسال الاستكمال
audit-withdrawn = سحب الطلب
audit-expired = انتهاء مدة المسودة
audit-assigned = أخذ الملف
audit-taken-over = تولي الملف بدل عون آخر
audit-released = إرجاع الملف إلى اللائحة
audit-paper-opening-granted = الإذن بفتح وثيقة
audit-opinion-recorded = إبداء الرأي الطبي
audit-information-requested = طلب استكمال
audit-proposed = اقتراح قرار
audit-approved = قبول الطلب
audit-rejected = رفض الطلب
audit-sent-back = إرجاع الملف
audit-note-added = كتابة ملاحظة
audit-duty-refused = محاولة مرفوضة: الفصل بين المهام
audit-foreign-access-refused = محاولة مرفوضة: ملف شخص آخر
audit-in-review = بداية الدراسة
audit-corrected = تصحيح جواب
audit-discarded = حذف المسودة
audit-stopped-waiting = إنهاء انتظار الاستكمال
audit-paper-found-infected = وثيقة رصد فيها مضاد الفيروسات خطرا
audit-other = تعديل
changed-state = الحالة
changed-assigned-to = العون المكلف
changed-proposal = الاقتراح
changed-decision = القرار
changed-retained-cost = المصاريف المعتمدة
changed-opinion = الرأي
changed-notes = الملاحظات
changed-information-requests = الاستكمالات
changed-papers = الوثائق
changed-other = جواب
refused-own-file = ملف العون نفسه
refused-relatives-file = ملف أحد أقارب العون
refused-role-missing = مهمة العون لا تسمح بذلك
refused-paper-not-yours-to-read = وثيقة مخصصة للطبيب المكلف بإبداء الرأي
refused-file-closed = ملف انتهت دراسته
refused-note-not-allowed = ملاحظة غير مسموح بها في ملف صحي
refused-assessed-before = سبق للعون أن درس هذا الملف أو اطلع على وثائقه
refused-proposed-before = سبق للعون أن اقترح هذا القرار
refused-gave-opinion-before = سبق للعون أن أبدى الرأي الطبي أو اطلع على الوثائق
refused-other = سبب آخر
because-conditions-not-met = عدم استيفاء الشروط
because-ceiling-reached = استنفاد السقف السنوي
because-papers-insufficient = وثائق غير كافية
because-no-answer = عدم الإدلاء بالمعلومات المطلوبة
because-covered-elsewhere = مصاريف معوض عنها من جهة أخرى
because-already-decided = سبق البت في المصاريف نفسها
because-other = سبب آخر
openings-title = فتح الوثائق
openings-lead = من فتح أي وثيقة ومتى ولماذا، والمحاولات المرفوضة أيضا. الأحدث أولا.
openings-of-file = فتح وثائق هذا الملف
openings-paper = الوثيقة
openings-why = السبب
openings-outcome = النتيجة
openings-opened = تم الفتح
openings-refused = تم الرفض
openings-none = لم تفتح أي وثيقة
openings-none-text = يظهر هنا كل فتح مع العون والساعة والسبب.

desk-lead = لمنخرط ليس له بريد إلكتروني صالح: ابحثوا عنه وتحققوا من هويته ثم اطبعوا رمزا.
desk-open = الذهاب إلى الشباك
desk-matricule-hint = 8 أرقام على الأكثر، كما هي في بيان الأجرة
desk-find = بحث
desk-has-address = في الملف بريد إلكتروني: الرابط بالبريد الإلكتروني هو الطريق العادي، إلا إذا تعذر على الشخص استعماله.
desk-deceased = سجلت وفاة هذا الشخص: لا يطبع أي رمز. وإن كان في ذلك خطأ، فيجب أولا تصحيح ملف الموظف.
desk-no-address = ليس في الملف أي بريد إلكتروني.
desk-identification = الوثيقة المدلى بها لإثبات الهوية
desk-identification-note = سجلوا نوع الوثيقة فقط. لا يكتب رقمها أبدا.
identification-identity-card = البطاقة الوطنية للتعريف
identification-passport = جواز السفر
identification-residence-card = بطاقة الإقامة
identification-professional-card = البطاقة المهنية
identification-other = وثيقة أخرى
desk-cause = لماذا لا يصلح البريد الإلكتروني؟
desk-cause-no-address = لا بريد إلكتروني في الملف
desk-cause-address-unusable = لا يمكن استعمال البريد الإلكتروني المسجل
desk-cause-other = سبب آخر
desk-issue = إعداد الرمز
desk-issue-note = كل رمز جديد يلغي السابق. ويسجل أنكم سلمتموه ويتم إخبار المنخرط بذلك. إذا كانت للحساب كلمة مرور فيتحقق عون ثان أيضا من هوية الشخص.
desk-next-person = الشخص التالي
desk-code-title = رمز التفعيل
desk-code-until = صالح لمرة واحدة إلى غاية { $when }.
desk-code-open = افتحوا هذه الصفحة
desk-code-type = اكتبوا رقم التأجير والرمز
desk-code-type-text = لا أهمية للحروف الكبيرة والفراغات والعارضات.
desk-code-password = اختاروا كلمة المرور
desk-code-password-text = لن يطلبها منكم أحد في المؤسسة أبدا.
desk-code-secret = يفتح هذا الرمز حسابكم: لا تسلموه لأحد.
shown-once = يظهر هذه المرة فقط: مغادرة الصفحة تمحوه.

agents-title = الأعوان
agents-lead = فتح حساب عون، أو تغيير مهامه، أو إغلاق حسابه.
agents-open = تدبير الأعوان
agent-code = العون
agent-login = المعرف
agent-login-hint = من رقم واحد إلى 8 أرقام، ليست رقم تأجير لأحد
agent-login-problem = اكتبوا المعرف: من رقم واحد إلى 8 أرقام، دون حروف
agent-email-hint = البريد المهني للعون
agent-matricule = رقم تأجير العون كمنخرط
agent-matricule-hint = إذا كان العون منخرطا أيضا: لا يعالج أحد ملفه ولا ملف قريبه
agent-no-membership = العون ليس منخرطا
agent-membership = صفة المنخرط
agent-membership-text = لا يعالج أحد ملفه ولا ملف قريبه: تعتمد القاعدة على رقم التأجير هذا. تنتهي جلسات العون.
agent-membership-save = حفظ
agent-membership-operator = سبق تحديد صفة المنخرط. لا يغيرها إلا مسؤول تشغيل المنصة، حتى لا يرفع أحد بمفرده القيد عن ملف زميل.
agent-membership-unsaid = لم يحدد بعد
agent-language = اللغة
agent-duties = المهام
agent-duties-note = بعض المهام لا تجتمع: كل واحدة تبين ذلك.
agent-since = تاريخ الإنشاء
agent-activated = تاريخ التفعيل
agent-not-yet = ليس بعد
agent-disabled-on = تاريخ الإغلاق
agent-state-invited = مدعو
agent-state-open = مفتوح
agent-state-disabled = مغلق
agent-state-other = حالة أخرى
agent-factor-set = مفعل
agent-factor-none = ليس بعد
agent-codes-left = { $count ->
    [0] مفعل، دون أي رمز احتياطي
    [one] مفعل، رمز احتياطي واحد
    [two] مفعل، رمزان احتياطيان
    [few] مفعل، { $count } رموز احتياطية
   *[other] مفعل، { $count } رمزا احتياطيا
}
agent-new-title = عون جديد
agent-new-lead = يتوصل العون بالبريد الإلكتروني برابط لاختيار كلمة المرور، ثم يقوم بتفعيل التحقق بخطوتين. مهمة الملفات الصحية يسندها مسؤول التشغيل.
agent-create = إنشاء الحساب
agent-link-title = رابط للعون
agent-link-lead = سلموا هذا الرابط للعون شخصيا. يصلح لمرة واحدة إلى غاية { $when }.
agent-link-mailed = أرسل الرابط إلى عنوان العون ولا يظهر لأحد غيره. يصلح لمرة واحدة إلى غاية { $when }.
agent-link-onward = عرض الحساب
agent-account = الحساب
agent-is-you = هذا حسابكم: يغيره مدير حسابات آخر.
agent-is-closed = هذا الحساب مغلق نهائيا، ولم يعد معرفه صالحا.
agent-read-only = الافتحاص يقرأ الحسابات ولا يغير فيها شيئا.
agent-roles-save = حفظ المهام
agent-link-again = رابط جديد
agent-link-again-text = لعون ضاع رابطه أو نسي كلمة المرور. يرسل إلى عنوانه المسجل، والرابط السابق لم يعد صالحا.
agent-link-make = إرسال رابط
agent-factor-reset = ضياع الهاتف
agent-factor-reset-text = يلغى التحقق بخطوتين والرموز الاحتياطية، ويعيد العون تفعيله عند الدخول المقبل.
agent-factor-reset-do = إلغاء التحقق بخطوتين
agent-disable = إغلاق الحساب
agent-disable-text = نهائيا: تنتهي الجلسات فورا.
agent-disable-why = لماذا؟
agent-disable-do = إغلاق الحساب
closing-left = غادر المؤسسة
closing-moved = انتقل إلى مصلحة أخرى
closing-lost-trust = حساب مخترق
closing-other = سبب آخر

factor-title = التحقق بخطوتين
factor-begin-title = احموا حسابكم بصفتكم عونا
factor-begin-lead = يدخل العون بكلمة المرور وبرمز من هاتفه. هيئوه مرة واحدة، ولا يفتح شيء آخر قبل ذلك.
factor-begin-app = جهزوا تطبيقا للرموز
factor-begin-app-text = أي تطبيق يقرأ رمز QR للدخول (TOTP).
factor-begin-scan = اقرؤوا رمز QR واكتبوا الرمز الظاهر
factor-begin-scan-text = ستة أرقام تتغير كل 30 ثانية.
factor-begin-codes = احتفظوا بالرموز الاحتياطية
factor-begin-codes-text = تنفعكم يوم لا يكون الهاتف معكم.
factor-begin-show = إظهار رمز QR
factor-enrol-title = تفعيل التحقق بخطوتين
factor-enrol-scan = اقرؤوا هذا الرمز بالتطبيق
factor-enrol-qr = رمز QR يقرأ بتطبيق الرموز
factor-enrol-or-type = أو اكتبوا هذا المفتاح في التطبيق:
factor-enrol-here = التطبيق على هذا الجهاز: افتحوه
factor-enrol-known = رمز QR الذي قرأتموه ما زال صالحا: اكتبوا الرمز الظاهر الآن في التطبيق.
factor-enrol-again = إظهار رمز QR آخر
factor-code = الرمز من ستة أرقام
factor-code-hint = الظاهر الآن في التطبيق
factor-code-missing = اكتبوا الأرقام الستة الظاهرة في التطبيق
factor-confirm = تأكيد
factor-away = الخدمة لا تستجيب حاليا. أعيدوا المحاولة بعد دقيقة.
factor-codes-done = تم تفعيل التحقق بخطوتين.
factor-codes-title = رموزكم الاحتياطية
factor-codes-lead = كل واحد يحل محل رمز الهاتف مرة واحدة. اطبعوها واحتفظوا بها بعيدا عن الهاتف.
factor-codes-once = لن تظهر مرة أخرى.
factor-codes-kept = احتفظت بها، متابعة
factor-codes-renew = إعداد رموز احتياطية جديدة
factor-codes-renew-lead = إذا ضاعت الورقة أو أوشكت رموزها على النفاد أو لم تروها قط. تصبح الرموز السابقة لاغية.
factor-codes-renew-do = إعداد عشرة رموز جديدة
factor-codes-renewed = أصبحت الرموز السابقة لاغية: احتفظوا بهذه.
factor-verify-title = اكتبوا رمز هاتفكم
factor-verify-lead = افتحوا تطبيق الرموز واكتبوا الأرقام الستة.
factor-verify = متابعة
factor-use-recovery = ليس معي هاتفي
factor-recovery = الرمز الاحتياطي
factor-recovery-hint = واحد من الرموز التي احتفظتم بها
factor-recovery-lead = يصلح كل رمز احتياطي مرة واحدة.
factor-recovery-use = استعمال هذا الرمز الاحتياطي
factor-recovery-missing = اكتبوا رمزا احتياطيا
factor-recovery-left = { $count ->
    [0] كان هذا آخر رمز احتياطي: اطلبوا من مدير الحسابات إلغاء التحقق بخطوتين ثم أعيدوا تفعيله.
    [one] بقي لكم رمز احتياطي واحد.
    [two] بقي لكم رمزان احتياطيان.
    [few] بقيت لكم { $count } رموز احتياطية.
   *[other] بقي لكم { $count } رمزا احتياطيا.
}
factor-lost-all = لا هاتف ولا رمز احتياطي؟ يمكن لمدير الحسابات إلغاء التحقق بخطوتين، ثم تعيدون تفعيله.
factor-done-text = عند كل دخول يطلب رمز من هاتفكم بعد كلمة المرور.
factor-done-lost = ضاع هاتفكم أو غيرتموه؟ استعملوا رمزا احتياطيا ثم اطلبوا من مدير الحسابات إلغاء التحقق بخطوتين.

activate-title = فتح حسابي برمز مطبوع
activate-lead = سلمكم الشباك رمزا على الورق. يصلح لمرة واحدة.
activate-code = الرمز المطبوع
activate-code-hint = اثنا عشر حرفا أو رقما؛ لا أهمية للحروف الكبيرة والفراغات والعارضات
activate-code-missing = اكتبوا الرمز المكتوب على الورق
activate-open = فتح حسابي
activate-no-code = ليس معكم رمز، أو لم يعد صالحا؟
activate-no-code-text = يعد لكم الشباك رمزا جديدا بعد الإدلاء بوثيقة تثبت هويتكم:
account-printed-code = سلمكم الشباك رمزا مطبوعا؟
account-printed-code-link = فتح الحساب بهذا الرمز
